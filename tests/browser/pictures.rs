//! Pictures that are kept, and compared with what is seen now. Letters are cut a little differently on each
//! machine, so what is compared is how bright each small field of the picture is.

use std::fs;
use std::io::Cursor;
use std::path::PathBuf;

use crate::play::Play;

/// A field's sides, in points.
const FIELD: usize = 16;
/// So much may the brightness of a field differ, of 255.
const SHADE: f64 = 36.0;
/// So many fields of a hundred may differ by more.
const FIELDS: usize = 3;
/// The most that a picture weighs.
const WEIGHT: usize = 150 * 1024;

/// How bright each field of a picture is.
struct Picture {
    across: usize,
    down: usize,
    fields: Vec<f64>,
}

/// The whole page is like its picture.
pub async fn is_like_all(play: &Play, name: &str) {
    let seen = play.tab().screenshot_as_png().await.unwrap();
    compare(name, &seen);
}

/// A part of the page is like its picture.
pub async fn is_like(play: &Play, css: &str, name: &str) {
    let seen = play.see(css).await.screenshot_as_png().await.unwrap();
    compare(name, &seen);
}

fn compare(name: &str, seen: &[u8]) {
    let kept = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/screenshots/{name}.png"));
    assert!(seen.len() <= WEIGHT, "{name} weighs {} bytes", seen.len());
    if is_written_anew() || !kept.exists() {
        fs::create_dir_all(kept.parent().unwrap()).unwrap();
        fs::write(&kept, seen).unwrap();
        return;
    }
    let (before, now) = (read(&fs::read(&kept).unwrap()), read(seen));
    let near = before.across.abs_diff(now.across) <= 1 && before.down.abs_diff(now.down) <= 1;
    let differ = if near { before.differs_from(&now) } else { usize::MAX };
    if differ > before.fields.len() * FIELDS / 100 {
        let beside = std::env::temp_dir().join(format!("{name}.png"));
        fs::write(&beside, seen).unwrap();
        panic!(
            "{name} looks different: {differ} of {} fields. Compare {} with {}; DIPPER_SCREENSHOTS=write keeps the new one",
            before.fields.len(),
            kept.display(),
            beside.display()
        );
    }
}

#[expect(clippy::disallowed_methods, reason = "whoever runs the plays says so here")]
fn is_written_anew() -> bool {
    std::env::var("DIPPER_SCREENSHOTS").is_ok_and(|wish| wish == "write")
}

fn read(bytes: &[u8]) -> Picture {
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().unwrap();
    let mut points = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut points).unwrap();
    let (width, height) = (info.width as usize, info.height as usize);
    let (across, down) = (width.div_ceil(FIELD), height.div_ceil(FIELD));
    let depth = info.color_type.samples();
    let mut sums = vec![(0.0, 0.0); across * down];
    for (at, point) in points.chunks_exact(depth).enumerate() {
        let field = &mut sums[(at / width / FIELD) * across + at % width / FIELD];
        for colour in &point[..depth.min(3)] {
            field.0 += f64::from(*colour);
            field.1 += 1.0;
        }
    }
    Picture { across, down, fields: sums.into_iter().map(|(sum, count)| sum / count).collect() }
}

impl Picture {
    /// How many fields are brighter or darker than in the other.
    fn differs_from(&self, other: &Self) -> usize {
        let both = (0..self.down.min(other.down))
            .flat_map(|row| (0..self.across.min(other.across)).map(move |column| (row, column)));
        both.filter(|(row, column)| {
            let here = self.fields[row * self.across + column];
            let there = other.fields[row * other.across + column];
            (here - there).abs() > SHADE
        })
        .count()
    }
}
