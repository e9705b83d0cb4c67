//! A list of sentences that must be true of a page, gone through in one browser.

use anyhow::{Result, ensure};

use crate::page::Page;

/// A sentence that must be true, and how to find out.
pub type Check = (&'static str, fn(&Page) -> Result<()>);

/// Goes through all of them and reports each; a picture `PREFIX-NUMBER` is taken where one fails.
///
/// # Errors
/// When a sentence is not true: all of them that are not.
pub fn run_all(page: &Page, checks: &[Check], prefix: &str) -> Result<()> {
    let engine = page.engine().name();
    let mut failures = Vec::new();
    for (number, (sentence, check)) in checks.iter().enumerate() {
        match check(page) {
            Ok(()) => println!("{engine}: {sentence}: ok"),
            Err(error) => {
                println!("{engine}: {sentence}: FAILED\n    {error:#}");
                if let Ok(picture) = page.screenshot(&format!("{prefix}-{}", number + 1)) {
                    println!("    see {}", picture.display());
                }
                failures.push(*sentence);
            }
        }
    }
    ensure!(failures.is_empty(), "not true in {engine}: {}", failures.join("; "));
    Ok(())
}
