//! The map of what can be learned: a short run at each point, without the page's remedies and with them, a run in a slot.
//!
//! It trains only when it is asked for, and rests while the settings are others than those that it was asked for. What it found is
//! kept by the settings that it belongs to, beside the maps that are shipped.
use crate::address::Chosen;
use crate::jobs::order::{Order, query_of};
use crate::jobs::pool::Generations;
use crate::lanes;
use vanishing_charts::laboratory::Laboratory;
use vanishing_charts::learning_map::Side;
use vanishing_core::training::map::{self, Found, Known, POINTS, Point};

/// A run in a slot.
struct Running {
    slot: usize,
    /// The map that it is of.
    setting: String,
    query: String,
    point: Point,
    generation: u64,
    progress: f64,
}

/// What is trained now, or was.
#[derive(Default)]
pub struct Map {
    /// What was found of each map, by its setting.
    kept: Vec<(String, Known)>,
    goes: bool,
    running: Vec<Running>,
    /// Time steps of all runs that were open at the start, and of those that are done since.
    steps: (f64, f64),
    /// When the first reply came, and the last, in milliseconds.
    times: Option<(f64, f64)>,
    /// Changes that were not reported by a run.
    pub revision: u64,
}

impl Map {
    /// Whether it trains.
    pub fn goes(&self) -> bool {
        self.goes
    }

    /// The share that is done since it was started, and the milliseconds that it took.
    pub fn share(&self) -> (f64, f64) {
        let part: f64 = self.running.iter().map(|run| run.progress * run.point.length() as f64).sum();
        let share = (self.steps.1 + part) / self.steps.0.max(1.0);
        (share, self.times.map_or(0.0, |(began, now)| now - began))
    }

    fn known(&self, setting: &str) -> Option<Known> {
        let kept = self.kept.iter().find(|(of, _)| of == setting);
        kept.map(|(_, known)| known.clone()).or_else(|| map::shipped(setting))
    }

    /// Stops; what it found stays.
    fn pause(&mut self) {
        self.goes = false;
        self.running.clear();
    }

    /// The slots that may have work, for a machine with so many cores.
    pub fn slots(&self, cores: usize) -> Vec<usize> {
        if self.goes { (0..cores).collect() } else { Vec::new() }
    }

    /// The order for the run that a slot goes on with, or begins; with its generation.
    pub fn order(&mut self, slot: usize, generations: &mut Generations, sides: &[Side]) -> Option<(u64, Order)> {
        if !self.goes {
            return None;
        }
        if self.running.iter().all(|running| running.slot != slot) {
            let open = sides.iter().filter_map(|side| {
                let taken = |index: usize| {
                    self.running.iter().any(|run| run.setting == side.setting && run.point == Point::new(index))
                };
                let known = side.count().0 + self.running.iter().filter(|run| run.setting == side.setting).count();
                Some((known, side, map::next(&side.known, &taken)?))
            });
            let (_, side, point) = open.min_by_key(|(known, ..)| *known)?;
            let (setting, query) = (side.setting.clone(), query_of(&point.settings(&side.settings), false));
            let generation = generations.another();
            self.running.push(Running { slot, setting, query, point, generation, progress: 0.0 });
        }
        let running = self.running.iter().find(|running| running.slot == slot)?;
        let (generation, query) = (running.generation, running.query.clone());
        Some((generation, Order::Map { generation, query }))
    }

    /// Takes what was said of a slot's run at a time in milliseconds. Whether something that is seen changed.
    pub fn worked(
        &mut self,
        (slot, generation): (usize, u64),
        progress: f64,
        found: Option<Found>,
        now: f64,
        sides: &mut [Side],
    ) -> bool {
        let at = self.running.iter().position(|run| (run.slot, run.generation) == (slot, generation));
        let Some(at) = at else { return false };
        self.times = Some((self.times.map_or(now, |(began, _)| began), now));
        let Some(found) = found else {
            self.running[at].progress = progress;
            return true;
        };
        let Running { setting, point, .. } = self.running.remove(at);
        self.steps.1 += point.length() as f64;
        if let Some(side) = sides.iter_mut().find(|side| side.setting == setting) {
            side.known[point.index()] = Some(found);
            match self.kept.iter_mut().find(|(of, _)| *of == setting) {
                Some((_, known)) => known[point.index()] = Some(found),
                None => self.kept.push((setting, side.known.clone())),
            }
        }
        self.goes &= sides.iter().any(|side| side.count().0 < POINTS);
        true
    }

    /// The slot's thread died: its run is begun again.
    pub fn put_back(&mut self, slot: usize) {
        self.running.retain(|running| running.slot != slot);
    }

    /// Brings the maps that are shown in line with the settings: lane A, and lane B if that is something else. One that is trained
    /// rests where it is of others. `here`: spectral radius and sequence length of the page.
    pub fn look_at(&mut self, chosen: &Chosen, here: Option<(f64, f64)>, shown: &mut Laboratory) {
        let shown = &mut shown.map;
        let mut old = std::mem::take(&mut shown.sides);
        let before: Vec<String> = old.iter().map(|side| side.setting.clone()).collect();
        for lane in [lanes::WITHOUT, lanes::WITH] {
            let settings = chosen.lane(lane);
            let (setting, name) = (map::setting(&settings), chosen.lanes.name(&chosen.settings, lane));
            if shown.sides.iter().any(|side| side.setting == setting) {
                continue;
            }
            let kept = old.iter().position(|side| side.setting == setting).map(|at| old.swap_remove(at));
            let mut side = kept.unwrap_or_else(|| {
                let mut side = Side::new(String::new(), setting.clone(), settings);
                side.known = self.known(&setting).unwrap_or(side.known);
                side
            });
            side.name = name;
            shown.sides.push(side);
        }
        shown.here = here;
        if before != shown.sides.iter().map(|side| side.setting.as_str()).collect::<Vec<_>>() {
            self.pause();
            self.revision += 1;
        }
    }

    /// Trains what is missing of the maps that are shown.
    pub fn start(&mut self, shown: &Laboratory) {
        let open = |side: &Side| (0..POINTS).filter(|index| side.known[*index].is_none()).collect::<Vec<_>>();
        let steps = shown.map.sides.iter().flat_map(open).map(|index| Point::new(index).length() as f64).sum();
        if steps > 0.0 && !self.goes {
            (self.goes, self.steps, self.times) = (true, (steps, 0.0), None);
            self.revision += 1;
        }
    }

    /// Stops training it; what was found stays, unless it is to be forgotten. What is shipped stays in any case.
    pub fn stop(&mut self, forgets: bool, shown: &mut Laboratory) {
        self.pause();
        if forgets {
            self.kept.retain(|(of, _)| shown.map.sides.iter().all(|side| side.setting != *of));
            for side in &mut shown.map.sides {
                side.known = self.known(&side.setting).unwrap_or_else(|| vec![None; POINTS]);
            }
        }
        self.revision += 1;
    }
}
