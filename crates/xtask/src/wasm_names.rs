//! Removing the names of functions from a WebAssembly module: a reader's browser has no use for them.
//!
//! A module is eight bytes of header, then sections: an identifier, a length, that many bytes. The names are in a
//! custom section (identifier 0) whose content begins with its own name, `name`. The linker keeps that section even
//! when it is told to strip symbols, for wasm-bindgen reads it.

const HEADER: &[u8] = b"\0asm\x01\0\0\0";

/// `module` without its `name` section; nothing when it is no WebAssembly module.
pub fn without_names(module: &[u8]) -> Option<Vec<u8>> {
    let mut rest = module.strip_prefix(HEADER)?;
    let mut kept = HEADER.to_vec();
    while let Some((&identifier, after_identifier)) = rest.split_first() {
        let (length, body) = read_length(after_identifier)?;
        let content = body.get(..length)?;
        let (section, next) = rest.split_at(rest.len() - body.len() + length);
        if !(identifier == 0 && is_called_name(content)) {
            kept.extend_from_slice(section);
        }
        rest = next;
    }
    Some(kept)
}

fn is_called_name(content: &[u8]) -> bool {
    read_length(content).is_some_and(|(length, name)| name.get(..length) == Some(b"name"))
}

/// A number in LEB128, seven bits a byte, and what comes after it.
fn read_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0_usize;
    for (position, byte) in bytes.iter().enumerate().take(5) {
        value |= usize::from(byte & 0x7f) << (7 * position);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[position + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(sections: &[&[u8]]) -> Vec<u8> {
        [HEADER, &sections.concat()].concat()
    }

    #[test]
    fn only_the_section_with_the_names_goes() {
        let types: &[u8] = &[1, 4, 1, 0x60, 0, 0];
        let names: &[u8] = b"\0\x07\x04name\x01\x02";
        let producers: &[u8] = b"\0\x0a\x09producers";
        let stripped = without_names(&module(&[types, names, producers]));
        assert_eq!(stripped, Some(module(&[types, producers])));
    }

    #[test]
    fn lengths_of_several_bytes_are_read() {
        assert_eq!(read_length(&[0xe5, 0x8e, 0x26, 9]), Some((624_485, &[9][..])));
        assert_eq!(read_length(&[0x80]), None);
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert_eq!(without_names(b"<!doctype html>"), None);
        assert_eq!(without_names(&module(&[&[1, 100, 0]])), None, "a section longer than the file");
    }
}
