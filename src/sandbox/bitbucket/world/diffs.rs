//! Lines that came and lines that went, as a diff tells them.

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Side {
    Context,
    Added,
    Removed,
}

/// One line of a hunk, with its numbers in the old and the new file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Line {
    pub(in super::super) side: Side,
    pub(in super::super) old: usize,
    pub(in super::super) new: usize,
    pub(in super::super) text: String,
}

/// Lines that stand together.
#[derive(Clone, Debug)]
pub(in super::super) struct Hunk {
    pub(in super::super) lines: Vec<Line>,
}

/// The most cells that two middles are compared in; beyond it everything came and everything went.
const LARGEST: usize = 1_000_000;

impl Hunk {
    /// Where it starts, and how many lines it has there, on the old or the new side.
    pub(in super::super) fn span(&self, after: bool) -> (usize, usize) {
        let missing = if after { Side::Removed } else { Side::Added };
        let here: Vec<&Line> = self.lines.iter().filter(|line| line.side != missing).collect();
        let number = |line: &Line| if after { line.new } else { line.old };
        let before = self.lines.first().map_or(0, |line| number(line).saturating_sub(1));
        (here.first().map_or(before, |line| number(line)), here.len())
    }

    /// `@@ -1,3 +1,4 @@` and its lines.
    pub(in super::super) fn written(&self) -> String {
        let ((old, old_count), (new, new_count)) = (self.span(false), self.span(true));
        let mut text = format!("@@ -{old},{old_count} +{new},{new_count} @@\n");
        for line in &self.lines {
            text.push(match line.side {
                Side::Context => ' ',
                Side::Added => '+',
                Side::Removed => '-',
            });
            text.push_str(&line.text);
            text.push('\n');
        }
        text
    }
}

/// What differs, with so many unchanged lines around it.
pub(in super::super) fn hunks(old: &str, new: &str, context: usize) -> Vec<Hunk> {
    let lines = compared(&old.lines().collect::<Vec<_>>(), &new.lines().collect::<Vec<_>>());
    let mut hunks: Vec<Hunk> = Vec::new();
    let mut end = 0;
    for at in (0..lines.len()).filter(|&at| lines[at].side != Side::Context) {
        let first = at.saturating_sub(context);
        let last = (at + context + 1).min(lines.len());
        match hunks.last_mut() {
            Some(hunk) if first <= end => hunk.lines.extend_from_slice(&lines[end.min(last)..last]),
            _ => hunks.push(Hunk { lines: lines[first..last].to_vec() }),
        }
        end = last;
    }
    hunks
}

/// Every line of both, in one order.
fn compared(old: &[&str], new: &[&str]) -> Vec<Line> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_middle, new_middle) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let mut sides = vec![Side::Context; head];
    sides.extend(middle(old_middle, new_middle));
    sides.extend(vec![Side::Context; tail]);
    let (mut at_old, mut at_new) = (0, 0);
    let numbered = sides.into_iter().map(|side| {
        let line = Line {
            side,
            old: at_old + 1,
            new: at_new + 1,
            text: if side == Side::Added { new[at_new] } else { old[at_old] }.to_owned(),
        };
        at_old += usize::from(side != Side::Added);
        at_new += usize::from(side != Side::Removed);
        line
    });
    numbered.collect()
}

/// The shortest way from one to the other, by the longest lines they share.
fn middle(old: &[&str], new: &[&str]) -> Vec<Side> {
    let (rows, columns) = (old.len(), new.len());
    if rows.saturating_mul(columns) > LARGEST {
        let mut sides = vec![Side::Removed; rows];
        sides.extend(vec![Side::Added; columns]);
        return sides;
    }
    let width = columns + 1;
    let mut shared = vec![0_u32; (rows + 1) * width];
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            shared[row * width + column] = if old[row] == new[column] {
                shared[(row + 1) * width + column + 1] + 1
            } else {
                shared[(row + 1) * width + column].max(shared[row * width + column + 1])
            };
        }
    }
    let (mut row, mut column) = (0, 0);
    let mut sides = Vec::with_capacity(rows + columns);
    while row < rows || column < columns {
        let (down, right) = (row < rows, column < columns);
        if down && right && old[row] == new[column] {
            sides.push(Side::Context);
            (row, column) = (row + 1, column + 1);
        } else if down && (!right || shared[(row + 1) * width + column] >= shared[row * width + column + 1]) {
            sides.push(Side::Removed);
            row += 1;
        } else {
            sides.push(Side::Added);
            column += 1;
        }
    }
    sides
}

#[cfg(test)]
mod tests {
    use super::hunks;

    fn diff(old: &str, new: &str) -> String {
        hunks(old, new, 1).iter().map(super::Hunk::written).collect()
    }

    #[test]
    fn what_changed_is_shown_with_a_line_around_it() {
        assert_eq!(diff("a\nb\nc\nd\ne", "a\nb\nX\nd\ne"), "@@ -2,3 +2,3 @@\n b\n-c\n+X\n d\n");
        assert_eq!(diff("a\nb\nc\nd\ne\nf", "A\nb\nc\nd\ne\nF").matches("@@ -").count(), 2);
        assert_eq!(diff("", "a\nb"), "@@ -0,0 +1,2 @@\n+a\n+b\n");
        assert_eq!(diff("a\nb", ""), "@@ -1,2 +0,0 @@\n-a\n-b\n");
        assert_eq!(diff("same", "same"), "");
    }

    #[test]
    fn two_changes_close_together_are_one_hunk() {
        assert_eq!(diff("a\nb\nc", "A\nb\nC"), "@@ -1,3 +1,3 @@\n-a\n+A\n b\n-c\n+C\n");
    }
}
