//! What makes a built page one that can be published: no script within its HTML, all of it kept for when there is no
//! network, and the same page once more as a single file.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::Outcome;
use crate::workspace::{self, files_below};

/// The single file, beside `index.html`.
pub const SINGLE_FILE: &str = "vanishing-point.html";

/// The most bytes that it may have.
pub const SINGLE_FILE_BUDGET: usize = 1_400_000;

/// What keeps the page when there is no network, beside `index.html`.
pub const KEEPER: &str = "offline.js";

/// Folders of the page that are not kept: pictures for browsers without scripts, examples for authors.
const NOT_KEPT: [&str; 2] = ["pictures", "examples"];

/// Finishes the page in `dist`.
///
/// # Errors
/// When a part of it is missing, a file cannot be written, or the single file is too large.
pub fn finish(dist: &Path) -> Outcome {
    let page = finish_not_kept(dist)?;
    let (plain, kept) = ("<script src=\"early.js\">", format!("<script src=\"early.js\" data-offline=\"{KEEPER}\">"));
    if !page.contains(plain) {
        bail!("the page has no {plain}");
    }
    write(&dist.join("index.html"), page.replacen(plain, &kept, 1).as_bytes())?;
    write_keeper(dist)
}

/// The same without what keeps it for when there is no network. Returns the page's text.
///
/// # Errors
/// As for [`finish`].
pub fn finish_not_kept(dist: &Path) -> Outcome<String> {
    let page = with_module_in_a_file(dist, &read(&dist.join("index.html"))?)?;
    write(&dist.join("index.html"), page.as_bytes())?;
    write_single_file(dist, &page)?;
    Ok(page)
}

/// Trunk starts the program in a script within the page; here it gets a file of its own.
fn with_module_in_a_file(dist: &Path, page: &str) -> Outcome<String> {
    let (start, end) = ("<script type=\"module\">", "</script>");
    let Some((before, rest)) = page.split_once(start) else { bail!("the page starts no program") };
    let (script, after) = rest.split_once(end).context("the page's script does not end")?;
    let name = format!("start-{}.js", &hex(script.as_bytes())[..16]);
    write(&dist.join(&name), script.as_bytes())?;
    Ok(format!("{before}<script type=\"module\" src=\"./{name}\">{end}{after}"))
}

/// Writes what keeps this version of the page.
///
/// # Errors
/// When the folder cannot be read or the file not be written.
pub fn write_keeper(dist: &Path) -> Outcome {
    let mut kept = BTreeMap::new();
    for file in files_below(dist)? {
        let name = file.strip_prefix(dist).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        let first = name.split('/').next().unwrap_or_default();
        // Beside fonts stand their licences and how they are made.
        let is_beside_a_font = first == "fonts" && !name.ends_with(".woff2");
        if NOT_KEPT.contains(&first) || is_beside_a_font || name == SINGLE_FILE || name == KEEPER {
            continue;
        }
        let content = fs::read(&file).with_context(|| format!("could not read {}", file.display()))?;
        kept.insert(name, format!("sha256-{}", STANDARD.encode(Sha256::digest(&content))));
    }
    if let Some(hash) = kept.get("index.html").cloned() {
        kept.insert("./".to_owned(), hash);
    }
    let lines: Vec<String> = kept.iter().map(|(name, hash)| format!("  [\"{name}\", \"{hash}\"],\n")).collect();
    let files = format!("[\n{}]", lines.concat());
    let version = &hex(files.as_bytes())[..16];
    let source = read(&workspace::root().join("web").join(KEEPER))?;
    let keeper = source.replace("{{version}}", version).replace("{{files}}", &files);
    write(&dist.join(KEEPER), keeper.as_bytes())
}

/// Characters of the packed text: 91 that HTML leaves alone within a script.
fn alphabet() -> Vec<u8> {
    (b'!'..=b'~').filter(|c| !matches!(c, b'<' | b'&' | b'"')).collect()
}

/// basE91 with that alphabet.
fn pack(bytes: &[u8]) -> String {
    let alphabet = alphabet();
    let mut out = Vec::with_capacity(bytes.len() * 16 / 13 + 2);
    let (mut bits, mut count) = (0u32, 0u32);
    let mut put = |value: u32| out.push(alphabet[value as usize]);
    for byte in bytes {
        bits |= u32::from(*byte) << count;
        count += 8;
        if count > 13 {
            let (mut value, mut width) = (bits & 8191, 13);
            if value <= 88 {
                (value, width) = (bits & 16383, 14);
            }
            bits >>= width;
            count -= width;
            put(value % 91);
            put(value / 91);
        }
    }
    if count > 0 {
        put(bits % 91);
        if count > 7 || bits > 90 {
            put(bits / 91);
        }
    }
    String::from_utf8(out).unwrap_or_default()
}

/// Writes the page as a single file.
fn write_single_file(dist: &Path, page: &str) -> Outcome {
    let one = |ending: &str, beginning: &str| -> Outcome<PathBuf> {
        let name =
            |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut found = files_below(dist)?.into_iter().filter(|path| path.parent() == Some(dist));
        let fits = |path: &PathBuf| name(path).starts_with(beginning) && name(path).ends_with(ending);
        found.find(fits).with_context(|| format!("the page has no {beginning}*{ending}"))
    };
    let (head, rest) = page.split_once("<body>").context("the page has no body")?;
    let (body, _) = rest.split_once("</body>").context("the page's body does not end")?;
    let body = without_pictures(body);
    let source = |path: &Path| fs::read(path).with_context(|| format!("could not read {}", path.display()));
    let parts = [
        body.into_bytes(),
        without_fonts(&read(&one(".css", "style-")?)?).into_bytes(),
        source(&one(".js", "vanishing-web-")?)?,
        source(&dist.join("worker.js"))?,
        source(&one(".wasm", "vanishing-web-")?)?,
    ];
    let mut all = Vec::new();
    for part in &parts {
        all.extend(u32::try_from(part.len()).context("a part is too large")?.to_le_bytes());
    }
    all.extend(parts.concat());
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&all).context("gzip failed")?;
    let packed = pack(&gzip.finish().context("gzip failed")?);
    let alphabet = String::from_utf8(alphabet()).unwrap_or_default().replace('\\', "\\\\");
    let loader = read(&workspace::root().join("web/single-file.js"))?.replace("{{alphabet}}", &alphabet);
    let early = read(&dist.join("early.js"))?;
    let of_head = |name: &str| {
        let line = head.lines().find(|line| line.contains(name)).unwrap_or_default();
        format!("{line}\n")
    };
    let metas =
        [of_head("name=\"viewport\""), of_head("name=\"color-scheme\""), of_head("<title>"), of_head("rel=\"icon\"")];
    let file = format!(
        "<!doctype html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n{}<script>\n{early}</script>\n</head>\n<body>\n\
         <p id=\"failure\" role=\"alert\" hidden>This page could not be opened: <span></span>.</p>\n\
         <noscript><p>This page is one file with everything in it, and needs JavaScript and WebAssembly.</p></noscript>\n\
         <script type=\"text/plain\" id=\"packed\">{packed}</script>\n<script type=\"module\">\n{loader}</script>\n</body>\n</html>\n",
        metas.concat()
    );
    if file.len() > SINGLE_FILE_BUDGET {
        bail!("{SINGLE_FILE} has {} bytes, more than its budget of {SINGLE_FILE_BUDGET}", file.len());
    }
    write(&dist.join(SINGLE_FILE), file.as_bytes())
}

/// The body without the pictures for browsers without scripts, which cannot open the single file anyway.
fn without_pictures(body: &str) -> String {
    let mut left = String::with_capacity(body.len());
    let mut rest = body;
    while let Some((before, after)) = rest.split_once("<noscript>") {
        left += before;
        rest = after.split_once("</noscript>").map_or("", |(_, after)| after);
    }
    left + rest
}

/// The style sheet without the fonts that come with the page: the single file would have to hold them too, and shows its text
/// in those of the system instead.
fn without_fonts(sheet: &str) -> String {
    let mut left = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some((before, face)) = rest.split_once("@font-face") {
        left += before;
        rest = face.split_once('}').map_or("", |(_, after)| after);
    }
    left + rest
}

/// The SHA-256 of `content` in hexadecimal digits.
pub fn hex(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).with_context(|| format!("could not read {}", path.display()))
}

fn write(path: &Path, content: &[u8]) -> Outcome {
    fs::write(path, content).with_context(|| format!("could not write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the page does it.
    fn unpack(text: &str) -> Vec<u8> {
        let alphabet = alphabet();
        let mut bytes = Vec::new();
        let (mut first, mut bits, mut count) = (None, 0u32, 0u32);
        for letter in text.bytes() {
            let value = alphabet.iter().position(|own| *own == letter).unwrap_or_default() as u32;
            let Some(low) = first.take() else {
                first = Some(value);
                continue;
            };
            let pair = low + value * 91;
            bits |= pair << count;
            count += if pair & 8191 > 88 { 13 } else { 14 };
            while count > 7 {
                bytes.push((bits & 255) as u8);
                bits >>= 8;
                count -= 8;
            }
        }
        if let Some(low) = first {
            bytes.push(((bits | low << count) & 255) as u8);
        }
        bytes
    }

    #[test]
    fn what_is_packed_is_unpacked_and_is_harmless_in_html() {
        assert_eq!(alphabet().len(), 91);
        let mut state = 1u32;
        for length in (0..200).chain([5000]) {
            let bytes: Vec<u8> = (0..length)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (state >> 24) as u8
                })
                .collect();
            let packed = pack(&bytes);
            assert_eq!(unpack(&packed), bytes, "{length}");
            assert!(!packed.contains(['<', '&', '"']));
            assert!(packed.len() <= bytes.len() * 5 / 4 + 2, "{length} {}", packed.len());
        }
        assert_eq!(unpack(&pack(&[0; 100])), [0; 100]);
    }

    #[test]
    fn pictures_for_browsers_without_scripts_are_left_out() {
        assert_eq!(without_pictures("a<noscript><img></noscript>b<noscript>c</noscript>"), "ab");
        assert_eq!(without_pictures("a"), "a");
    }

    #[test]
    fn fonts_are_left_out_and_nothing_else_of_a_sheet() {
        let face = "@font-face {\n  font-family: Inter;\n  src: url(\"fonts/a.woff2\");\n}";
        let sheet = format!("a{{}}\n{face}\n{face}\nb{{font-family:Inter}}");
        assert_eq!(without_fonts(&sheet), "a{}\n\n\nb{font-family:Inter}");
        assert_eq!(without_fonts("a{}"), "a{}");
    }
}
