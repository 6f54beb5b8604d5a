//! Form bodies, read strictly: what is not UTF-8 is refused, and of a repeated field the first counts.

use std::borrow::Cow;

use super::Malformed;

/// The fields of a urlencoded body, in their order.
#[derive(Debug)]
pub(super) struct Fields<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl Fields<'_> {
    /// The first field of this name, unless it is empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| &**value).filter(|value| !value.is_empty())
    }
}

/// Reads a urlencoded body.
pub(super) fn fields(body: &[u8]) -> Result<Fields<'_>, Malformed> {
    let mut fields = Vec::with_capacity(16);
    for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let middle = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        fields.push((decoded(&pair[..middle])?, decoded(pair.get(middle + 1..).unwrap_or_default())?));
    }
    Ok(Fields(fields))
}

/// What is written plainly is not copied.
fn decoded(encoded: &[u8]) -> Result<Cow<'_, str>, Malformed> {
    let plain = !encoded.iter().any(|byte| matches!(byte, b'%' | b'+'));
    let not_text = |_| Malformed::new("it is not UTF-8");
    let text = if plain {
        Cow::Borrowed(std::str::from_utf8(encoded).map_err(not_text)?)
    } else {
        Cow::Owned(String::from_utf8(unescaped(encoded)).map_err(|error| not_text(error.utf8_error()))?)
    };
    if text.as_bytes().contains(&0) {
        return Err(Malformed::new("it holds a NUL character"));
    }
    Ok(text)
}

fn unescaped(encoded: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    while let Some((first, tail)) = rest.split_first() {
        let escaped = if *first == b'%' { hex_byte(tail) } else { None };
        bytes.push(match first {
            b'+' => b' ',
            plain => escaped.unwrap_or(*plain),
        });
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    bytes
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*digits.get(at)?).to_digit(16);
    u8::try_from(digit(0)? << 4 | digit(1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_read_as_browsers_write_it() {
        let read = fields(b"a=1+2&b=%C3%A9%2b&a=again&c&=x&d=%zz%4").unwrap();
        assert_eq!(read.get("a"), Some("1 2"));
        assert_eq!(read.get("b"), Some("é+"));
        assert_eq!(read.get("c"), None);
        assert_eq!(read.get("d"), Some("%zz%4"));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(fields(b"a=%ff").unwrap_err().to_string(), "it is not UTF-8");
        assert_eq!(fields(b"a=%00").unwrap_err().to_string(), "it holds a NUL character");
        assert!(fields(&[b'a', 0xff]).is_err());
    }
}
