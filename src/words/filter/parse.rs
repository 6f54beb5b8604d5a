//! Reading a filter: what does not read is answered with the place and with what was expected there.

use super::{Count, Field, Filter, Test};

/// No deeper than this are parentheses and negations nested.
const DEEPEST: usize = 20;
/// No longer filter is read.
const LONGEST: usize = 1000;

/// Where a filter stopped making sense, and what was expected there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}")]
pub struct Misread {
    /// The filter.
    pub text: String,
    /// How many signs stand before the place.
    pub at: usize,
    /// What was expected.
    pub expected: String,
}

impl Misread {
    /// The filter with a caret under the place.
    pub fn pointed(&self) -> String {
        let line: String = self.text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        format!("{line}\n{}^", " ".repeat(self.at))
    }
}

/// Whether a value needs no quotes.
pub(super) fn is_bare(value: &str) -> bool {
    !value.is_empty()
        && !value.contains(|c: char| c.is_whitespace() || c.is_control() || "()\"\\".contains(c))
}

/// Reads a filter.
pub(super) fn filter(text: &str) -> Result<Filter, Misread> {
    let mut reader = Reader { signs: text.chars().collect(), at: 0, depth: 0 };
    if reader.signs.len() > LONGEST {
        reader.at = LONGEST;
        return Err(reader.expected(format!("the end: a filter has at most {LONGEST} signs")));
    }
    let read = reader.any()?;
    reader.skip();
    if reader.at < reader.signs.len() {
        return Err(reader.expected("AND, OR or the end"));
    }
    Ok(read)
}

struct Reader {
    signs: Vec<char>,
    at: usize,
    depth: usize,
}

impl Reader {
    fn expected(&self, what: impl Into<String>) -> Misread {
        Misread { text: self.signs.iter().collect(), at: self.at, expected: what.into() }
    }

    fn skip(&mut self) {
        while self.signs.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
    }

    fn peek(&mut self) -> Option<char> {
        self.skip();
        self.signs.get(self.at).copied()
    }

    /// Takes a word that stands alone.
    fn takes(&mut self, word: &str) -> bool {
        self.skip();
        let end = self.at + word.len();
        let here = self.signs.get(self.at..end).is_some_and(|signs| signs.iter().copied().eq(word.chars()));
        let alone = self.signs.get(end).is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ')'));
        if here && alone {
            self.at = end;
        }
        here && alone
    }

    fn any(&mut self) -> Result<Filter, Misread> {
        let mut parts = vec![self.all()?];
        while self.takes("OR") {
            parts.push(self.all()?);
        }
        Filter::any(parts).ok_or_else(|| self.expected("a condition"))
    }

    /// What stands side by side has to hold together, with or without AND.
    fn all(&mut self) -> Result<Filter, Misread> {
        let mut parts = vec![self.one()?];
        loop {
            if self.takes("AND") {
                parts.push(self.one()?);
                continue;
            }
            let before = self.at;
            let ends = matches!(self.peek(), None | Some(')')) || self.takes("OR");
            self.at = before;
            if ends {
                return Filter::all(parts).ok_or_else(|| self.expected("a condition"));
            }
            parts.push(self.one()?);
        }
    }

    fn one(&mut self) -> Result<Filter, Misread> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.expected("fewer parentheses"));
        }
        let read = self.one_of_any_depth();
        self.depth -= 1;
        read
    }

    fn one_of_any_depth(&mut self) -> Result<Filter, Misread> {
        if self.takes("NOT") {
            return Ok(Filter::Not(Box::new(self.one()?)));
        }
        match self.peek() {
            Some('-') => {
                self.at += 1;
                Ok(Filter::Not(Box::new(self.one()?)))
            }
            Some('(') => {
                self.at += 1;
                let inner = self.any()?;
                if self.peek() != Some(')') {
                    return Err(self.expected("`)`, AND or OR"));
                }
                self.at += 1;
                Ok(inner)
            }
            _ => self.condition(),
        }
    }

    fn condition(&mut self) -> Result<Filter, Misread> {
        let from = self.at;
        while self.signs.get(self.at).is_some_and(char::is_ascii_alphabetic) {
            self.at += 1;
        }
        let word: String = self.signs[from..self.at].iter().collect::<String>().to_ascii_lowercase();
        let field = Field::ALL.iter().find(|(known, _)| *known == word).map(|(_, field)| *field);
        let Some(field) = field.filter(|_| self.signs.get(self.at) == Some(&':')) else {
            self.at = from;
            let words: Vec<&str> = Field::ALL.iter().map(|(word, _)| *word).collect();
            return Err(
                self.expected(format!("a condition like author:ada; it may ask for {}", words.join(", ")))
            );
        };
        self.at += 1;
        let place = self.at;
        let value = self.value()?;
        let read = test(field, value);
        read.map(|test| Filter::If(field, test)).map_err(|expected| {
            self.at = place;
            self.expected(expected)
        })
    }

    fn value(&mut self) -> Result<String, Misread> {
        if self.signs.get(self.at) != Some(&'"') {
            let rest = self.signs[self.at..].iter();
            let value: String =
                rest.take_while(|c| !c.is_whitespace() && !matches!(c, '(' | ')' | '"' | '\\')).collect();
            self.at += value.chars().count();
            return Ok(value);
        }
        self.at += 1;
        let mut value = String::new();
        loop {
            match (self.signs.get(self.at), self.signs.get(self.at + 1)) {
                (Some('"'), _) => {
                    self.at += 1;
                    return Ok(value);
                }
                (Some('\\'), Some(escaped)) => {
                    value.push(*escaped);
                    self.at += 2;
                }
                (Some(sign), _) => {
                    value.push(*sign);
                    self.at += 1;
                }
                (None, _) => return Err(self.expected("`\"` at the end of what is quoted")),
            }
        }
    }
}

fn test(field: Field, value: String) -> Result<Test, &'static str> {
    const BUILDS: [&str; 4] = ["passed", "failed", "running", "stopped"];
    match field {
        Field::Draft | Field::Bot => match value.to_ascii_lowercase().as_str() {
            "yes" | "true" => Ok(Test::Is(true)),
            "no" | "false" => Ok(Test::Is(false)),
            _ => Err("yes or no"),
        },
        Field::Size => {
            let (sign, number) = match value.chars().next() {
                Some(sign @ ('<' | '>')) => (Some(sign), &value[1..]),
                _ => (None, value.as_str()),
            };
            let number = number.parse().map_err(|_| "a number of files, like >20")?;
            Ok(Test::Counts(match sign {
                Some('>') => Count::Over(number),
                Some(_) => Count::Under(number),
                None => Count::Just(number),
            }))
        }
        Field::Build => {
            let word = value.to_ascii_lowercase();
            if BUILDS.contains(&word.as_str()) {
                Ok(Test::Like(word))
            } else {
                Err("passed, failed, running or stopped")
            }
        }
        _ if value.is_empty() => Err("what it should be, like author:ada"),
        _ => Ok(Test::Like(value)),
    }
}
