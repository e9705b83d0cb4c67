//! Named, timed steps with a table at the end.

use std::time::{Duration, Instant};

use crate::Outcome;

/// How one step ended.
#[derive(Debug)]
struct Step {
    name: &'static str,
    duration: Duration,
    /// Why it failed, when it did.
    failure: Option<String>,
}

/// Runs steps one after another and remembers how each one ended; a failed step does not keep the next from running.
#[derive(Debug, Default)]
pub struct Steps {
    steps: Vec<Step>,
}

impl Steps {
    /// Runs one step under its name; `true` when it passed.
    pub fn run(&mut self, name: &'static str, work: impl FnOnce() -> Outcome) -> bool {
        println!("\n=== {name} ===");
        let start = Instant::now();
        let failure = work().err().map(|error| format!("{error:#}"));
        if let Some(reason) = &failure {
            println!("{name} FAILED: {reason}");
        }
        let passed = failure.is_none();
        self.steps.push(Step { name, duration: start.elapsed(), failure });
        passed
    }

    /// Counts a step as failed that could not be run because of an earlier failure.
    pub fn blocked(&mut self, name: &'static str, reason: &str) {
        self.steps.push(Step { name, duration: Duration::ZERO, failure: Some(reason.to_owned()) });
    }

    /// `true` when no step failed.
    pub fn all_passed(&self) -> bool {
        self.failures().next().is_none()
    }

    /// The table of all steps, and the reason of each failure.
    pub fn table(&self) -> String {
        let width = self.steps.iter().map(|step| step.name.len()).max().unwrap_or(0);
        let mut table = String::new();
        for step in &self.steps {
            let result = if step.failure.is_none() { "passed" } else { "FAILED" };
            table += &format!("{:width$}  {result}  {:7.1} s\n", step.name, step.duration.as_secs_f64());
        }
        for step in self.failures() {
            table += &format!("\n{}: {}\n", step.name, step.failure.as_deref().unwrap_or_default());
        }
        table
    }

    /// `9 passed, 1 failed`.
    pub fn counts(&self) -> String {
        let failed = self.failures().count();
        format!("{} passed, {failed} failed", self.steps.len() - failed)
    }

    fn failures(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.failure.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;

    #[test]
    fn steps_after_a_failed_one_still_run_and_all_are_counted() {
        let mut steps = Steps::default();
        assert!(steps.run("first", || Ok(())));
        assert!(!steps.run("second", || bail!("it broke")));
        assert!(steps.run("third", || Ok(())));
        steps.blocked("fourth", "it needs the second");
        assert_eq!(steps.counts(), "2 passed, 2 failed");
        assert!(!steps.all_passed());
        let table = steps.table();
        assert!(table.contains("second: it broke"), "{table}");
        assert!(table.contains("fourth: it needs the second"), "{table}");
    }

    #[test]
    fn no_steps_are_no_failure() {
        assert!(Steps::default().all_passed());
        assert_eq!(Steps::default().counts(), "0 passed, 0 failed");
    }
}
