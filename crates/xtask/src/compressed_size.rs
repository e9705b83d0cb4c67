//! What the built page weighs: each file as it is, with gzip and with Brotli.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::Outcome;
use crate::publish::{KEEPER, SINGLE_FILE};
use crate::workspace::files_below;

/// The most that the page may weigh with Brotli, in bytes, before it is live. Room for what is there, and little more:
/// raise it in a commit that says what for.
pub const BROTLI_BUDGET: usize = 870_000;

/// The most that all fonts of the page may weigh, in bytes. They are not counted before the page is live: it is live without
/// them.
pub const FONTS_BUDGET: usize = 160_000;

/// The folder of the fonts within the page.
const FONTS: &str = "fonts";

/// What is fetched later or never, or has its own budget: pictures for browsers without scripts, examples, the page as one file, what embeds it,
/// what keeps it, its workers.
const LATER: [&str; 8] =
    ["pictures", "examples", FONTS, SINGLE_FILE, "vanishing-figure.js", KEEPER, "worker.js", "icon.svg"];

/// The weight of one file, or of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// Bytes as they are.
    pub raw: usize,
    /// Bytes with gzip at its best level.
    pub gzip: usize,
    /// Bytes with Brotli at its best level.
    pub brotli: usize,
}

impl Weight {
    /// Weighs `content`.
    ///
    /// # Errors
    /// When a compressor fails.
    pub fn of(content: &[u8]) -> Outcome<Self> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(content).context("gzip failed")?;
        let gzip = gzip.finish().context("gzip failed")?.len();
        let mut compressed = Vec::new();
        let strongest = brotli::enc::BrotliEncoderParams { size_hint: content.len(), ..Default::default() };
        brotli::BrotliCompress(&mut &content[..], &mut compressed, &strongest).context("Brotli failed")?;
        Ok(Self { raw: content.len(), gzip, brotli: compressed.len() })
    }

    fn plus(self, other: Self) -> Self {
        Self { raw: self.raw + other.raw, gzip: self.gzip + other.gzip, brotli: self.brotli + other.brotli }
    }
}

/// Weighs all files of `folder` and prints the table.
///
/// # Errors
/// When the folder cannot be read, what the live page needs is heavier than [`BROTLI_BUDGET`], or there are no fonts or fonts
/// heavier than [`FONTS_BUDGET`].
pub fn report(folder: &Path) -> Outcome {
    let mut rows = Vec::new();
    let mut live = Weight::default();
    let mut others = Weight::default();
    let mut fonts = 0;
    for file in files_below(folder)? {
        let content = fs::read(&file).with_context(|| format!("could not read {}", file.display()))?;
        let weight = Weight::of(&content)?;
        let name = file.strip_prefix(folder).unwrap_or(&file);
        if is_needed_live(name) {
            live = live.plus(weight);
            rows.push((name.display().to_string(), weight));
        } else {
            others = others.plus(weight);
        }
        if is_font(name) {
            fonts += weight.raw;
            rows.push((name.display().to_string(), weight));
        }
    }
    rows.push(("the live page".to_owned(), live));
    rows.push(("all else".to_owned(), others));
    print!("{}", table(&rows));
    if live.brotli > BROTLI_BUDGET {
        bail!("the live page weighs {} bytes with Brotli, more than its budget of {BROTLI_BUDGET}", live.brotli);
    }
    println!("{} of {BROTLI_BUDGET} bytes of the Brotli budget", live.brotli);
    check_fonts(fonts)?;
    println!("{fonts} of {FONTS_BUDGET} bytes of the fonts' budget");
    Ok(())
}

/// # Errors
/// When all fonts together have this many bytes and may not.
fn check_fonts(bytes: usize) -> Outcome {
    if bytes == 0 {
        bail!("the page has no fonts in {FONTS}");
    }
    if bytes > FONTS_BUDGET {
        bail!("the fonts have {bytes} bytes, more than their budget of {FONTS_BUDGET}");
    }
    Ok(())
}

/// `true` for a font that comes with the page. It is packed already, so its bytes are what is sent.
fn is_font(name: &Path) -> bool {
    name.starts_with(FONTS) && name.extension().is_some_and(|ending| ending == "woff2")
}

/// `true` for a file, named from the page's folder, that a reader fetches before the page is live.
fn is_needed_live(name: &Path) -> bool {
    !LATER.iter().any(|own| name.starts_with(own))
}

fn table(rows: &[(String, Weight)]) -> String {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut table = format!("{:width$}  {:>9}  {:>9}  {:>9}\n", "bytes", "raw", "gzip", "brotli");
    for (name, weight) in rows {
        table += &format!("{name:width$}  {:>9}  {:>9}  {:>9}\n", weight.raw, weight.gzip, weight.brotli);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetition_weighs_little_and_brotli_less_than_gzip() -> Outcome {
        let weight = Weight::of("vanishing and exploding ".repeat(1000).as_bytes())?;
        assert_eq!(weight.raw, 24_000);
        assert!(weight.brotli < weight.gzip && weight.gzip < 300, "{weight:?}");
        Ok(())
    }

    #[test]
    fn pictures_are_not_part_of_the_live_page() {
        assert!(is_needed_live(Path::new("vanishing-web-1234_bg.wasm")));
        assert!(!is_needed_live(Path::new("pictures/eigenvalue-powers.defaults.svg")));
    }

    #[test]
    fn fonts_have_a_budget_of_their_own() {
        let font = Path::new("fonts/inter-regular.woff2");
        assert!(is_font(font) && !is_needed_live(font));
        assert!(!is_font(Path::new("fonts/LICENSE-inter.txt")));
        assert!(check_fonts(FONTS_BUDGET).is_ok());
        assert!(check_fonts(FONTS_BUDGET + 1).is_err());
        assert!(check_fonts(0).is_err());
    }

    #[test]
    fn a_missing_folder_is_named() {
        let error = report(Path::new("/no/such/folder")).expect_err("there is no such folder");
        assert!(error.to_string().contains("/no/such/folder"), "{error}");
    }
}
