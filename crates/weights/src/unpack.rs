//! The members of a zip archive: unpacked to exactly the size that they are said to have, and checked against their checksum.
use crate::words::bytes;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};
use std::borrow::Cow;
use std::ops::Range;

/// Deflate makes no more than so many bytes of one.
pub const MOST_FROM_ONE: u64 = 1032;

/// A member of a zip archive that holds one array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its bytes in the file.
    pub range: Range<u64>,
    /// Whether they are deflated.
    pub deflated: bool,
    /// How many bytes it has when it is unpacked.
    pub size: usize,
    /// How many of these stand before the numbers.
    pub header: usize,
    /// The checksum of the unpacked bytes.
    pub crc: u32,
}

/// The bytes of a member, from those in the file.
///
/// # Errors
/// One sentence, if they are not what the archive says they are.
pub fn member<'a>(member: &Member, part: &'a [u8]) -> Result<Cow<'a, [u8]>, String> {
    let content = match member.deflated {
        false => Cow::Borrowed(part),
        true => {
            let mut content = vec![0; member.size];
            let (status, made) = inflate(part, &mut content);
            if status == TINFLStatus::HasMoreOutput {
                return Err(format!("it unpacks to more than the {} it is said to have", bytes(member.size as u64)));
            }
            if status != TINFLStatus::Done || made < member.size {
                return Err("its compressed bytes are damaged".to_owned());
            }
            Cow::Owned(content)
        }
    };
    if crc(&content) != member.crc {
        return Err("its bytes do not match their checksum: the file is damaged".to_owned());
    }
    Ok(content)
}

/// The first bytes of a deflated member, as many as `part` holds and no more than `most`.
pub fn beginning(part: &[u8], most: usize) -> Vec<u8> {
    let mut content = vec![0; most];
    let (_, made) = inflate(part, &mut content);
    content.truncate(made);
    content
}

fn inflate(part: &[u8], content: &mut [u8]) -> (TINFLStatus, usize) {
    let mut state = Box::<DecompressorOxide>::default();
    let (status, _, made) = decompress(&mut state, part, content, 0, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF);
    (status, made)
}

/// CRC-32 as zip has it: reflected, polynomial 0xEDB88320.
fn crc(content: &[u8]) -> u32 {
    let mut table = [0u32; 256];
    for (byte, entry) in (0..).zip(&mut table) {
        *entry = (0..8).fold(byte, |crc: u32, _| (crc >> 1) ^ (0xedb8_8320 & 0u32.wrapping_sub(crc & 1)));
    }
    !content.iter().fold(!0, |crc: u32, byte| (crc >> 8) ^ table[((crc ^ u32::from(*byte)) & 255) as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_zip() {
        assert_eq!(crc(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc(b""), 0);
    }

    #[test]
    fn a_member_has_exactly_the_size_that_was_told() {
        // A block that is stored, of three bytes.
        let packed = [1, 3, 0, 252, 255, b'a', b'b', b'c'];
        let told = |size: usize| Member { range: 0..8, deflated: true, size, header: 0, crc: crc(b"abc") };
        assert_eq!(member(&told(3), &packed).unwrap().as_ref(), b"abc");
        assert!(member(&told(2), &packed).unwrap_err().contains("more than the 2 bytes"));
        assert!(member(&told(4), &packed).unwrap_err().contains("damaged"));
        assert!(member(&told(3), &packed[..6]).unwrap_err().contains("damaged"));
        let wrong = Member { crc: 1, ..told(3) };
        assert!(member(&wrong, &packed).unwrap_err().contains("checksum"));
        assert_eq!(beginning(&packed, 2), b"ab");
    }
}
