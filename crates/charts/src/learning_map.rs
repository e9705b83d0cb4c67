//! The map of what can be learned, as far as its points are known: without the page's remedies and with them.
use std::cell::OnceCell;
use vanishing_core::param::Settings;
use vanishing_core::training::map::{self, Known, Outcome, Point};

/// One map, or two side by side.
#[derive(Clone, Debug, Default)]
pub struct LearningMap {
    /// Without the remedies; then with them, if any is on.
    pub sides: Vec<Side>,
    /// Spectral radius and sequence length of the page's network; `None` where its radius is not chosen.
    pub here: Option<(f64, f64)>,
}

/// A map.
#[derive(Clone, Debug)]
pub struct Side {
    /// What sets it apart: `no remedy`, `clip by global norm`.
    pub name: String,
    /// What its runs have in common, as a text.
    pub setting: String,
    /// The same as settings; their spectral radius and sequence length do not count.
    pub settings: Settings,
    /// What is known of its points.
    pub known: Known,
    ratio: OnceCell<Option<f64>>,
}

impl Side {
    /// A map of which nothing is known.
    pub fn new(name: String, setting: String, settings: Settings) -> Self {
        Self { name, setting, settings, known: vec![None; map::POINTS], ratio: OnceCell::new() }
    }

    /// σ₁/|λ₁| of its matrices, where the theory has lines ([`map::norm_beside_radius`]).
    pub fn norm_beside_radius(&self) -> Option<f64> {
        *self.ratio.get_or_init(|| map::norm_beside_radius(&self.settings))
    }

    /// How many points are known, and at how many of them it learns.
    pub fn count(&self) -> (usize, usize) {
        let known = self.known.iter().flatten();
        (known.clone().count(), known.filter(|found| found.outcome == Outcome::Learned).count())
    }

    /// Whether it learns at a point; `None`: not known.
    fn learns(&self, index: usize) -> Option<bool> {
        let found = self.known.get(index).copied().flatten();
        found.map(|found| found.outcome == Outcome::Learned)
    }
}

impl LearningMap {
    /// How many points the second map has won from the first: above ρ = 1 and below; and how many it has lost.
    pub fn won(&self) -> ([usize; 2], usize) {
        let (mut won, mut lost) = ([0; 2], 0);
        let [without, with] = &self.sides[..] else { return (won, lost) };
        for index in 0..map::POINTS {
            match (without.learns(index), with.learns(index)) {
                (Some(false), Some(true)) => won[usize::from(Point::new(index).radius() < 1.0)] += 1,
                (Some(true), Some(false)) => lost += 1,
                _ => {}
            }
        }
        (won, lost)
    }

    /// What it shows, in a sentence or two; empty where nothing is known.
    pub fn words(&self) -> String {
        let side = |side: &Side| {
            let (known, learned) = side.count();
            let so_far = if known < map::POINTS { " that are known" } else { "" };
            (known > 0).then(|| format!("{}: it learns at {learned} of {known} points{so_far}", side.name))
        };
        let sides: Vec<String> = self.sides.iter().filter_map(side).collect();
        let mut words = sides.join("; ");
        if sides.len() == 2 {
            let ([above, below], lost) = self.won();
            words += &format!(", {above} more above ρ = 1 and {below} more below");
            if lost > 0 {
                words += &format!(", and {lost} fewer elsewhere");
            }
        }
        if !words.is_empty() {
            words.push('.');
        }
        words
    }

    /// Spectral radius and sequence length of the points, in units of rows and columns from the lower left corner.
    pub fn place((radius, length): (f64, f64)) -> (f64, f64) {
        let along = |x: f64, (first, last): (f64, f64), count: usize| {
            let share = vanishing_core::math::ln(x / first) / vanishing_core::math::ln(last / first);
            share * (count - 1) as f64 + 0.5
        };
        let lengths = (map::LENGTHS[0] as f64, map::LENGTHS[map::COLUMNS - 1] as f64);
        let radii = (map::RADII[0], map::RADII[map::ROWS - 1]);
        (along(length, lengths, map::COLUMNS), along(radius, radii, map::ROWS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vanishing_core::param::Settings;

    fn side(name: &str, setting: &str) -> Side {
        let mut side = Side::new(name.to_owned(), setting.to_owned(), Settings::default());
        side.known = map::shipped(setting).expect("a shipped map");
        side
    }

    #[test]
    fn clipping_wins_land_above_one_and_hardly_any_below() {
        let sides = vec![side("no remedy", "updates=300"), side("clip by global norm", "updates=300&clip-norm=1")];
        let mut map = LearningMap { sides, here: None };
        let ([above, below], lost) = map.won();
        assert!(above > 25 && below < above / 4 && lost < 6, "{above} {below} {lost}");
        // Where the gradient vanishes from the start it does nothing at all.
        let far_below = (0..map::POINTS).filter(|index| Point::new(*index).radius() < 0.7);
        assert!(far_below.clone().all(|index| map.sides[0].learns(index) == map.sides[1].learns(index)));
        assert_eq!(
            map.words(),
            format!(
                "no remedy: it learns at {} of 320 points; clip by global norm: it learns at {} of 320 points, {above} more above ρ = 1 and {below} more below, and {lost} fewer elsewhere.",
                map.sides[0].count().1,
                map.sides[1].count().1
            )
        );
        map.sides[1].known[0] = None;
        assert!(map.words().contains("of 319 points that are known"), "{}", map.words());
        map.sides.iter_mut().for_each(|side| side.known.fill(None));
        assert_eq!(map.words(), "");
    }

    #[test]
    fn points_stand_in_the_middle_of_their_cells() {
        for index in 0..map::POINTS {
            let point = Point::new(index);
            let (x, y) = LearningMap::place((point.radius(), point.length() as f64));
            assert!((x - 0.5 - point.column as f64).abs() < 0.3 && (y - 0.5 - point.row as f64).abs() < 0.1);
        }
    }
}
