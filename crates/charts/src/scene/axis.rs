//! The axes of a panel.

/// How numbers become places on an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Equal distances are equal differences.
    Linear,
    /// The data are base-10 logarithms; ticks are written as powers of ten.
    Log10,
}

/// One axis of a panel.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// What it shows, with symbol and unit: `power k`.
    pub title: String,
    /// How numbers become places.
    pub scale: Scale,
    /// The ends (logarithms on a logarithmic axis); `None`: from the finite data, with a little room, at least a decade.
    pub range: Option<(f64, f64)>,
    /// Whether ticks and title are drawn.
    pub visible: bool,
    /// Ticks to be used instead of computed ones: (place, text).
    pub ticks: Option<Vec<(f64, String)>>,
    /// Whether these are the names of rows or columns: each is written, in as many lines as it takes.
    pub names: bool,
}

impl Axis {
    /// A linear axis over a given range.
    pub fn linear(title: impl Into<String>, low: f64, high: f64) -> Self {
        Self {
            title: title.into(),
            scale: Scale::Linear,
            range: Some((low, high)),
            visible: true,
            ticks: None,
            names: false,
        }
    }

    /// An axis from 0 to the number of names, each in the middle of its unit; on a vertical axis the first is at the top.
    pub fn of_names(title: impl Into<String>, names: Vec<String>, downwards: bool) -> Self {
        let count = names.len() as f64;
        let place = |i: usize| if downwards { count - i as f64 - 0.5 } else { i as f64 + 0.5 };
        let ticks = names.into_iter().enumerate().map(|(i, name)| (place(i), name)).collect();
        Self { ticks: Some(ticks), names: true, ..Self::linear(title, 0.0, count.max(1.0)) }
    }

    /// The place of a name in the list of names, if the axis has names: that of the nearest.
    pub fn place_of_name(&self, place: f64) -> Option<usize> {
        let names = self.ticks.iter().flatten().filter(|_| self.names).enumerate();
        let nearest = names.min_by(|(_, one), (_, two)| (one.0 - place).abs().total_cmp(&(two.0 - place).abs()));
        nearest.map(|(index, _)| index)
    }

    /// The name that belongs to a place, if the axis has names.
    pub fn name_at(&self, place: f64) -> Option<&str> {
        self.ticks.as_ref()?.get(self.place_of_name(place)?).map(|(_, name)| name.as_str())
    }

    /// A logarithmic axis that takes its range from the data.
    pub fn log(title: impl Into<String>) -> Self {
        Self { title: title.into(), scale: Scale::Log10, range: None, visible: true, ticks: None, names: false }
    }

    /// The same without ticks and title.
    pub fn hidden(mut self) -> Self {
        self.visible = false;
        self
    }
}
