//! Names with `*` for any stretch and `?` for any one sign, compared whatever the case.

/// Whether the text is of this form.
pub fn matches(glob: &str, text: &str) -> bool {
    if glob.is_ascii() && text.is_ascii() {
        return if glob.contains(['*', '?']) {
            walk(glob.as_bytes(), text.as_bytes(), b'*', |sign, read| {
                *sign == b'?' || sign.eq_ignore_ascii_case(read)
            })
        } else {
            glob.eq_ignore_ascii_case(text)
        };
    }
    let glob: Vec<char> = glob.chars().flat_map(char::to_lowercase).collect();
    let text: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    walk(&glob, &text, '*', |sign, read| *sign == '?' || sign == read)
}

fn walk<T: PartialEq + Copy>(glob: &[T], text: &[T], any: T, same: impl Fn(&T, &T) -> bool) -> bool {
    let (mut at, mut read) = (0, 0);
    // The last star, and how far it has reached.
    let mut star: Option<(usize, usize)> = None;
    while read < text.len() {
        match (glob.get(at), star) {
            (Some(sign), _) if *sign == any => {
                star = Some((at, read));
                at += 1;
            }
            (Some(sign), _) if same(sign, &text[read]) => {
                at += 1;
                read += 1;
            }
            (_, Some((before, reached))) => {
                star = Some((before, reached + 1));
                at = before + 1;
                read = reached + 1;
            }
            (_, None) => return false,
        }
    }
    glob[at..].iter().all(|sign| *sign == any)
}

/// Whether the text holds this, whatever the case.
pub fn holds(text: &str, part: &str) -> bool {
    if !(text.is_ascii() && part.is_ascii()) {
        return text.to_lowercase().contains(&part.to_lowercase());
    }
    let part = part.as_bytes();
    part.is_empty() || text.as_bytes().windows(part.len()).any(|here| here.eq_ignore_ascii_case(part))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{holds, matches};

    #[test]
    fn stars_and_question_marks_stand_for_others() {
        for (glob, text, wanted) in [
            ("web/*", "WEB/api", true),
            ("*", "", true),
            ("release/*", "release", false),
            ("*api*", "web/api-old", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*a*b", "xaxxb", true),
            ("*a*b", "xaxxbc", false),
            ("größe*", "GRÖSSE", false),
            ("Größe*", "gRÖßE 1", true),
        ] {
            assert_eq!(matches(glob, text), wanted, "{glob} {text}");
        }
    }

    proptest! {
        #[test]
        fn a_text_is_of_its_own_form(text in "\\PC{0,20}") {
            let plain: String = text.chars().filter(|c| !matches!(c, '*' | '?')).collect();
            prop_assert!(matches(&plain, &plain));
            let around = format!("*{plain}*");
            prop_assert!(matches(&around, &plain));
        }

        #[test]
        fn a_text_holds_what_a_form_between_stars_finds(text in "[a-cA-CäÄ]{0,8}", part in "[a-cA-CäÄ]{0,3}") {
            prop_assert_eq!(holds(&text, &part), matches(&format!("*{part}*"), &text));
        }
    }
}
