//! The README's tables are what the binary prints.

use dipper::cli::tables;

#[test]
fn the_readme_prints_what_the_binary_does() {
    let readme = include_str!("../README.md");
    for table in tables::all() {
        let wanted = &table.text;
        assert!(
            readme.contains(wanted),
            "README.md lacks the table of {}; it should be\n\n{wanted}",
            table.heading
        );
    }
}
