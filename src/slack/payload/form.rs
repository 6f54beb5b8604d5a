//! Form bodies, read strictly: what is not UTF-8 is refused, and of a repeated field the first counts.

use std::collections::BTreeMap;

use super::Malformed;

/// The fields of a urlencoded body.
pub(super) fn fields(body: &[u8]) -> Result<BTreeMap<String, String>, Malformed> {
    let mut fields = BTreeMap::new();
    for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let name = decoded(halves.next().unwrap_or_default())?;
        let value = decoded(halves.next().unwrap_or_default())?;
        fields.entry(name).or_insert(value);
    }
    Ok(fields)
}

fn decoded(encoded: &[u8]) -> Result<String, Malformed> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    while let Some((first, tail)) = rest.split_first() {
        let escaped = (*first == b'%').then(|| tail.get(..2).and_then(hex_byte)).flatten();
        bytes.push(match first {
            b'+' => b' ',
            plain => escaped.unwrap_or(*plain),
        });
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    let text = String::from_utf8(bytes).map_err(|_| Malformed::new("it is not UTF-8"))?;
    if text.contains('\0') {
        return Err(Malformed::new("it holds a NUL character"));
    }
    Ok(text)
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let mut byte = [0_u8; 1];
    hex::decode_to_slice(digits, &mut byte).ok()?;
    Some(byte[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_read_as_browsers_write_it() {
        let read = fields(b"a=1+2&b=%C3%A9%2b&a=again&c&=x&d=%zz%4").unwrap();
        let get = |name: &str| read.get(name).map(String::as_str);
        assert_eq!(get("a"), Some("1 2"));
        assert_eq!(get("b"), Some("é+"));
        assert_eq!(get("c"), Some(""));
        assert_eq!(get("d"), Some("%zz%4"));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(fields(b"a=%ff").unwrap_err().to_string(), "it is not UTF-8");
        assert_eq!(fields(b"a=%00").unwrap_err().to_string(), "it holds a NUL character");
        assert!(fields(&[b'a', 0xff]).is_err());
    }
}
