//! The report on the opened network, as long as it is about what the page shows.
use crate::effects::{Download, OpenedAdvice, OpenedReport};
use crate::report::{self, Report};
use vanishing_core::param::Settings;
use vanishing_core::studies::network::{NetworkConfig, RecurrenceConfig};
use vanishing_core::studies::opened::SharedNetwork;

/// A report, and which of its proposals is drawn beside the original.
pub struct Diagnosed {
    key: NetworkConfig,
    report: Report,
    tried: Option<&'static str>,
}

/// What a report depends on: not the remedies, nor whether the spectrum is known yet.
fn key(config: &NetworkConfig) -> NetworkConfig {
    let opened = config.recurrence.opened.as_ref().map(SharedNetwork::without_spectrum);
    NetworkConfig {
        remedies: Settings::default(),
        recurrence: RecurrenceConfig { opened, ..config.recurrence.clone() },
        ..config.clone()
    }
}

impl Diagnosed {
    /// Of a network, with the proposal that is drawn.
    pub fn new(config: &NetworkConfig, report: Report, tried: Option<&'static str>) -> Self {
        Self { key: key(config), report, tried }
    }

    /// The proposal that is drawn, by its slug.
    pub fn tried(&self) -> Option<&'static str> {
        self.tried
    }

    /// Whether it is about this network.
    pub fn is_of(&self, config: &NetworkConfig) -> bool {
        self.key == key(config)
    }

    /// Draws a proposal's curve, or takes it away if it is drawn.
    pub fn try_out(&mut self, slug: &'static str) {
        self.tried = if self.tried == Some(slug) { None } else { Some(slug) };
    }

    /// The curve that is drawn.
    pub fn curves(&self) -> Vec<(String, Vec<f64>)> {
        self.report.curves(|slug| self.tried == Some(slug))
    }

    /// What the page shows of it; `untrained`: why training cannot start from the network, or nothing.
    pub fn shown(&self, untrained: String) -> OpenedReport {
        let found = &self.report.diagnosis;
        let advice = report::advice(found).into_iter().map(|advice| OpenedAdvice {
            title: advice.title,
            text: format!("{} {}", advice.reason, advice.effect),
            action: if advice.has_curve { format!("own-try:{}", advice.slug) } else { String::new() },
            tried: self.tried == Some(advice.slug),
            query: if untrained.is_empty() { advice.query } else { String::new() },
        });
        let advice = advice.collect();
        OpenedReport { headline: report::headline(found), sentences: report::in_short(found), advice, untrained }
    }

    /// It as a file: JSON, or Markdown.
    pub fn file(&self, is_json: bool) -> Download {
        let stem = self.report.name.rsplit_once('.').map_or(self.report.name.as_str(), |(stem, _)| stem);
        let (ending, kind, text) = match is_json {
            true => ("json", "application/json", self.report.json()),
            false => ("md", "text/markdown", self.report.markdown(&[])),
        };
        Download { name: format!("{stem}-report.{ending}"), kind, text }
    }
}
