//! The networks that learn a text, as the page asks for them.
use super::reading::Readings;
use super::{Jobs, LOOK_INTERVAL, Reply};
use vanishing_core::param::Settings;

impl Jobs {
    /// Another number whenever something that is shown of the networks that learn a text changed and is due to be seen.
    pub fn read(&self) -> u64 {
        self.read.0
    }

    /// The networks that learn a text.
    pub fn readings(&self) -> &Readings {
        &self.readings
    }

    /// Brings the networks that learn a text in line with the settings.
    pub fn configure_readings(&mut self, settings: &Settings) {
        self.read.0 += u64::from(self.readings.configure(settings, &mut self.generations));
    }

    /// Lets them learn, or not.
    pub fn run_readings(&mut self, goes: bool) {
        self.readings.run(goes, &mut self.generations);
        self.read.0 += 1;
    }

    /// All of them from their first update.
    pub fn begin_readings_again(&mut self) {
        self.readings.begin_again(&mut self.generations);
        self.read.0 += 1;
    }

    /// Lets them read another text; an empty one is the one that is shipped.
    ///
    /// # Errors
    /// A sentence for a text that is too short or too long: then everything stays as it is.
    pub fn take_text(&mut self, text: &str) -> Result<(), String> {
        self.readings.take(text, &mut self.generations)?;
        self.read.0 += 1;
        Ok(())
    }

    /// Takes what was said of one of them, at a time in milliseconds.
    pub(super) fn take_read(&mut self, reader: usize, reply: Reply, now: f64) {
        let Some(looked) = self.readings.worked(reader, reply) else { return };
        if looked || !self.readings.is_running() || now - self.read.1 >= LOOK_INTERVAL {
            self.read = (self.read.0 + 1, now);
        }
    }
}
