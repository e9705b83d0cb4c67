//! A list of sentences that must be true of a page, gone through in one browser.

use anyhow::{Result, ensure};

use crate::engine::Engine;
use crate::page::Page;

/// A sentence that must be true, and how to find out.
pub type Check = (&'static str, fn(&Page) -> Result<()>);

/// So many checks of a run may be made again because the engine itself failed, and no more: a rise is to be seen. Of about
/// fifty checks, the rates told at [`is_trap`] and [`is_silence`] let one or two be made again.
const MOST_RETRIES: usize = 3;

/// Goes through all of them, or through those whose sentence has the text of `VANISHING_CHECKS`, each list in a browser that has
/// done nothing yet, and reports each; a picture `PREFIX-NUMBER` is taken where one fails.
///
/// # Errors
/// When a sentence is not true: all of them that are not.
pub fn run_all(page: &mut Page, lists: &[&[Check]], prefix: &str) -> Result<()> {
    let engine = page.engine().name();
    let chosen = std::env::var("VANISHING_CHECKS").unwrap_or_default();
    let (mut failures, mut retries, mut number) = (Vec::new(), 0, 0);
    for (place, list) in lists.iter().enumerate() {
        if place > 0 {
            page.restart()?;
        }
        for check @ (sentence, _) in *list {
            number += 1;
            if !sentence.contains(&chosen) {
                continue;
            }
            let Err(error) = make(page, check, &mut retries) else {
                println!("{engine}: {sentence}: ok");
                continue;
            };
            println!("{engine}: {sentence}: FAILED\n    {error:#}");
            if let Ok(picture) = page.screenshot(&format!("{prefix}-{number}")) {
                println!("    see {}", picture.display());
            }
            failures.push(*sentence);
        }
    }
    println!("{engine}: {retries} checks were made again, of {MOST_RETRIES} that may be");
    ensure!(retries <= MOST_RETRIES, "in {engine} {retries} checks were made again, more than {MOST_RETRIES}");
    ensure!(failures.is_empty(), "not true in {engine}: {}", failures.join("; "));
    Ok(())
}

/// Makes one check, and once more where the engine itself failed.
fn make(page: &mut Page, (sentence, check): &Check, retries: &mut usize) -> Result<()> {
    let engine = page.engine().name();
    let before = page.console().unwrap_or_default().len();
    let mut done = check(page);
    let traps = page.console().unwrap_or_default().into_iter().skip(before);
    let trap = traps.filter(|line| is_trap(page, line)).last();
    if let (Err(error), Some(trap)) = (&done, trap) {
        println!("{engine}: {sentence}: the engine ended the program, so once more\n    {error:#}\n    {trap}");
        *retries += 1;
        done = check(page);
    }
    if let Err(error) = &done
        && is_silence(page, error)
    {
        println!(
            "{engine}: {sentence}: the browser does not answer any more, so once more in another one\n    {error:#}"
        );
        *retries += 1;
        page.restart()?;
        done = page.open("").and_then(|()| check(page));
    }
    done
}

/// Whether the console tells of a program that the engine itself ended. WebKitGTK 2.50.6 does so in about one of a
/// hundred pages, at different places (in a drawing, in a worker, with a handle that is none), with its optimising
/// compiler and without; Chromium, Firefox and an interpreter run the same program bit for bit, and no crate of ours has
/// unsafe code. A mistake of ours is a panic, which has a line of its own and is not meant here.
pub fn is_trap(page: &Page, line: &str) -> bool {
    const TRAPS: [&str; 2] = ["RuntimeError: Out of bounds memory access", "(evaluating 'getObject(arg"];
    page.engine() == Engine::WebKit && line.starts_with("error: ") && TRAPS.iter().any(|trap| line.contains(trap))
}

/// Whether the browser let a request of the test go unanswered for a minute. WebKitGTK 2.50.6 does so in about one of thirty
/// checks that have frames: its main loop spins, most often once a frame that still fetches its module is replaced; the program
/// in that frame has not begun by then. What the page itself does wrong is found within ten seconds, and is not meant here.
fn is_silence(page: &Page, error: &anyhow::Error) -> bool {
    page.engine() == Engine::WebKit && format!("{error:#}").contains("error sending request")
}
