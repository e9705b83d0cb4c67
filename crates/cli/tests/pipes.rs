//! What is printed goes into pipes, whose readers may have read enough.
use std::fs;
use std::io;
use std::process::{Command, Output, Stdio};

/// Every command that prints, in a form that takes no time.
fn commands(case: &str) -> Vec<Vec<&str>> {
    vec![
        vec!["--help"],
        vec!["list"],
        vec!["figure", "spectrum"],
        vec!["data", "gradient-norms"],
        vec!["script", "gradient-norms"],
        vec!["evaluate", case],
        vec!["train", "--updates", "2"],
        vec!["experiment", "--updates", "2", "--seeds", "0..1", "--query", "hidden-size=4&sequence-length=6"],
    ]
}

fn run(arguments: &[&str], out: impl Into<Stdio>) -> Output {
    let mut vanishing = Command::new(env!("CARGO_BIN_EXE_vanishing"));
    vanishing.args(arguments).stdin(Stdio::null()).stdout(out).output().expect("the program runs")
}

/// The writing end of a pipe that nobody reads.
fn unread() -> io::PipeWriter {
    let (reader, writer) = io::pipe().expect("there is a pipe");
    drop(reader);
    writer
}

#[test]
fn a_reader_who_has_read_enough_is_no_error() {
    let case = std::env::temp_dir().join(format!("vanishing-case-{}.json", std::process::id()));
    let text = r#"{"kind": "alignment", "inputs": {"n": 1, "lambda": [-2.0], "target_index": 0, "ks": [0], "basis": "eigen", "c": [0.7]}}"#;
    fs::write(&case, text).expect("a case is written");
    for arguments in commands(&case.to_string_lossy()) {
        let done = run(&arguments, Stdio::piped());
        assert!(!done.stdout.is_empty(), "{arguments:?} prints: {}", String::from_utf8_lossy(&done.stderr));
        let done = run(&arguments, unread());
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success() && !said.contains("panicked"), "{arguments:?}: {}, {said}", done.status);
    }
    fs::remove_file(case).expect("the case is removed");
}

#[test]
fn a_sentence_that_nobody_reads_is_lost_and_nothing_else() {
    let mut vanishing = Command::new(env!("CARGO_BIN_EXE_vanishing"));
    let done = vanishing.args(["data", "tea"]).stderr(unread()).output().expect("the program runs");
    assert_eq!(done.status.code(), Some(1));
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full_is_told_in_a_sentence() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let done = run(&["list"], full);
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(said.starts_with("vanishing: cannot write to standard output: "), "{said}");
    assert_eq!(done.status.code(), Some(1));
}
