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
pub const BROTLI_BUDGET: usize = 660_000;

/// What is fetched later or never: pictures for browsers without scripts, examples, the page as one file, what embeds it,
/// what keeps it, its workers.
const LATER: [&str; 7] = ["pictures", "examples", SINGLE_FILE, "vanishing-figure.js", KEEPER, "worker.js", "icon.svg"];

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
/// When the folder cannot be read, or what the live page needs is heavier than [`BROTLI_BUDGET`].
pub fn report(folder: &Path) -> Outcome {
    let mut rows = Vec::new();
    let mut live = Weight::default();
    let mut others = Weight::default();
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
    }
    rows.push(("the live page".to_owned(), live));
    rows.push(("all else".to_owned(), others));
    print!("{}", table(&rows));
    if live.brotli > BROTLI_BUDGET {
        bail!("the live page weighs {} bytes with Brotli, more than its budget of {BROTLI_BUDGET}", live.brotli);
    }
    println!("{} of {BROTLI_BUDGET} bytes of the Brotli budget", live.brotli);
    Ok(())
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
    fn a_missing_folder_is_named() {
        let error = report(Path::new("/no/such/folder")).expect_err("there is no such folder");
        assert!(error.to_string().contains("/no/such/folder"), "{error}");
    }
}
