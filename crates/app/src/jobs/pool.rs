//! Who carries work out, and how much of it at a time: slots for jobs, and the threads that the slots use.
//!
//! A slot has at most one order out. All slots together have at most as many as the machine has cores. Which thread a slot
//! uses is decided here: one of its own, the one that all share, or the page's. A thread that died frees every slot whose
//! order or numbers it had; it is replaced a few times, and then all work is done on the page's own thread.
use std::collections::BTreeMap;

/// Milliseconds of work of an order.
pub const SLICE: f64 = 40.0;
/// The same on the page's own thread, which has other things to do in a frame.
pub const PAGE_SLICE: f64 = 8.0;

/// So often a thread is replaced; then the page does the work itself.
const MOST_DEATHS: usize = 3;

/// Ways of making a short run: without the remedies, and with them.
pub const WAYS: usize = 2;

/// Networks that learn a text side by side.
pub const READERS: usize = vanishing_charts::text_runs::CELLS.len();

/// The most lanes that a laboratory has: as many jobs of that kind have a number.
const LANES: usize = crate::lanes::LETTERS.len();

/// The number of the experiment's first slot.
const FIRST: usize = LANES + 2 + WAYS + READERS;

/// The slot that an order is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum JobId {
    /// The training of a lane, by its place from 0.
    Lane(usize),
    /// The spectrum of the opened network.
    Spectrum,
    /// The singular values of a large state's Jacobians.
    Jacobians,
    /// The short runs of the workbench: 0 without the remedies, 1 with them.
    Trial(usize),
    /// A network that learns a text, by its place from 0.
    Read(usize),
    /// A run of the experiment; there are as many slots as the machine has cores.
    Experiment(usize),
    /// A run of the map; as many again.
    Map(usize),
}

impl JobId {
    /// As a number, for a message to a thread: lanes first, those of the experiment and of the map by turns at last.
    pub fn number(self) -> usize {
        match self {
            Self::Lane(lane) => lane,
            Self::Spectrum => LANES,
            Self::Jacobians => LANES + 1,
            Self::Trial(way) => LANES + 2 + way,
            Self::Read(reader) => LANES + 2 + WAYS + reader,
            Self::Experiment(slot) => FIRST + 2 * slot,
            Self::Map(slot) => FIRST + 1 + 2 * slot,
        }
    }

    /// The same back: every number is a job's.
    pub fn from_number(number: usize) -> Self {
        const SPECTRUM: usize = LANES;
        const JACOBIANS: usize = LANES + 1;
        match number {
            lane if lane < LANES => Self::Lane(lane),
            SPECTRUM => Self::Spectrum,
            JACOBIANS => Self::Jacobians,
            way if way < LANES + 2 + WAYS => Self::Trial(way - LANES - 2),
            reader if reader < FIRST => Self::Read(reader - LANES - 2 - WAYS),
            _ if (number - FIRST).is_multiple_of(2) => Self::Experiment((number - FIRST) / 2),
            _ => Self::Map((number - FIRST) / 2),
        }
    }
}

/// The number of a thread beside the page's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WorkerId(pub usize);

/// Where an order is to be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// In the thread of that number, which is made if there is none.
    Worker,
    /// In a new thread of that number: the one before died.
    NewWorker,
    /// On the page's own thread, in a frame.
    Page,
}

/// Something to be done in the background. It is answered with `Msg::Worked`, or with `Msg::WorkerTrouble` for its thread.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    /// The thread, unless it is done on the page.
    pub worker: WorkerId,
    /// What it is for. A thread keeps a `Worker` for each job that it works on.
    pub job: JobId,
    /// In which thread, and whether that is a new one.
    pub place: Where,
    /// The order, for `Worker::work`.
    pub order: String,
    /// Numbers that the worker is given before it; mostly none.
    pub numbers: Vec<f64>,
    /// Milliseconds that it is to work.
    pub budget: f64,
}

/// Numbers that tell one run, matrix or search from another: none comes twice.
#[derive(Default)]
pub struct Generations(u64);

impl Generations {
    /// One that was never used.
    pub fn another(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }
}

/// Where the state of a slot's job is kept between two orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Home {
    Thread(WorkerId),
    Page,
}

#[derive(Default)]
struct Slot {
    /// What its last order was about.
    generation: u64,
    /// Whether that is not answered yet.
    is_busy: bool,
    /// Who has the numbers of that generation; `None`: nobody, or nobody any more.
    home: Option<Home>,
}

#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Life {
    /// It has not answered yet, and may not exist.
    #[default]
    Untried,
    /// It has answered.
    Proven,
    /// It is gone; its next order makes another one.
    Dead,
}

#[derive(Default)]
struct Thread {
    life: Life,
    deaths: usize,
}

/// The slots and the threads.
pub struct Pool {
    slots: BTreeMap<JobId, Slot>,
    threads: BTreeMap<WorkerId, Thread>,
    cores: usize,
    is_shared: bool,
    /// Whether the reader's address forbids workers.
    is_forbidden: bool,
    /// Why threads are of no use, once they were tried.
    failed: Option<String>,
}

impl Default for Pool {
    /// For a machine with two cores, until somebody says otherwise.
    fn default() -> Self {
        Self {
            slots: BTreeMap::new(),
            threads: BTreeMap::new(),
            cores: 2,
            is_shared: false,
            is_forbidden: false,
            failed: None,
        }
    }
}

impl Pool {
    /// Cores of the machine.
    pub fn set_cores(&mut self, cores: usize) {
        self.cores = cores.max(1);
    }

    /// From now on thread 0 does the work of all slots, one order at a time.
    pub fn share_one_thread(&mut self) {
        self.is_shared = true;
    }

    /// Whether threads are to be used where they can be. When they are to be used again, what went wrong before is forgotten.
    pub fn allow_workers(&mut self, allowed: bool) {
        if !allowed {
            self.failed = None;
        }
        self.is_forbidden = !allowed;
    }

    /// The most orders that are out at a time while no hand moves anything and threads are in use.
    pub fn cores(&self) -> usize {
        if self.is_shared { 1 } else { self.cores }
    }

    /// Why work is done on the page's own thread, as the end of a sentence; `None`: it is not.
    pub fn on_page(&self) -> Option<&str> {
        if self.is_forbidden { Some("the address says workers=0") } else { self.failed.as_deref() }
    }

    /// Whether no further order may go out now; `held`: a hand moves something, and the page is to stay quick.
    pub fn is_full(&self, held: bool) -> bool {
        let most = if held || self.on_page().is_some() { 1 } else { self.cores() };
        self.slots.values().filter(|slot| slot.is_busy).count() >= most
    }

    /// Whether a slot's order is not answered yet.
    pub fn is_busy(&self, job: JobId) -> bool {
        self.slots.get(&job).is_some_and(|slot| slot.is_busy)
    }

    /// Makes an order the slot's, for `slice` milliseconds of work in a thread. `numbers` are asked for only where the one who
    /// carries it out has not got them.
    pub fn send(
        &mut self,
        (job, slice): (JobId, f64),
        generation: u64,
        order: String,
        numbers: impl FnOnce() -> Vec<f64>,
    ) -> Work {
        let worker = WorkerId(if self.is_shared { 0 } else { job.number() });
        let (place, budget, home) = if self.on_page().is_some() {
            (Where::Page, PAGE_SLICE, Home::Page)
        } else {
            let thread = self.threads.entry(worker).or_default();
            let place = if thread.life == Life::Dead { Where::NewWorker } else { Where::Worker };
            if thread.life == Life::Dead {
                thread.life = Life::Untried;
            }
            (place, slice, Home::Thread(worker))
        };
        let slot = self.slots.entry(job).or_default();
        let has_numbers = slot.generation == generation && slot.home == Some(home);
        *slot = Slot { generation, is_busy: true, home: Some(home) };
        Work { worker, job, place, order, numbers: if has_numbers { Vec::new() } else { numbers() }, budget }
    }

    /// A slot's order was answered, whatever the answer is about.
    pub fn answered(&mut self, job: JobId) {
        let Some(slot) = self.slots.get_mut(&job) else { return };
        slot.is_busy = false;
        if let Some(Home::Thread(worker)) = slot.home
            && let Some(thread) = self.threads.get_mut(&worker)
            && thread.life == Life::Untried
        {
            thread.life = Life::Proven;
        }
    }

    /// The slot's numbers are to be given again.
    pub fn forget(&mut self, job: JobId) {
        if let Some(slot) = self.slots.get_mut(&job) {
            slot.home = None;
        }
    }

    /// A thread could not be made, or died. The slots that it had: their orders will not be answered.
    pub fn died(&mut self, worker: WorkerId, why: &str) -> Vec<JobId> {
        let thread = self.threads.entry(worker).or_default();
        // One that has never answered will not; one that has may have met an accident, but not again and again.
        match thread.life {
            Life::Dead => {}
            Life::Proven if thread.deaths < MOST_DEATHS => thread.deaths += 1,
            Life::Proven | Life::Untried => self.failed = Some(why.to_owned()),
        }
        thread.life = Life::Dead;
        let had = self.slots.iter_mut().filter(|(_, slot)| slot.home == Some(Home::Thread(worker)));
        had.map(|(job, slot)| {
            (slot.is_busy, slot.home) = (false, None);
            *job
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn send(pool: &mut Pool, job: JobId) -> Work {
        pool.send((job, SLICE), 1, String::new(), || vec![1.0])
    }

    const JOBS: [JobId; 4] = [JobId::Lane(2), JobId::Spectrum, JobId::Jacobians, JobId::Experiment(3)];

    #[test]
    fn every_job_has_a_number_of_its_own() {
        for (number, job) in (0..20).map(JobId::from_number).enumerate() {
            assert_eq!(job.number(), number);
        }
        assert_eq!(
            [0, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13].map(JobId::from_number),
            [
                JobId::Lane(0),
                JobId::Lane(3),
                JobId::Spectrum,
                JobId::Jacobians,
                JobId::Trial(0),
                JobId::Trial(1),
                JobId::Read(0),
                JobId::Read(2),
                JobId::Experiment(0),
                JobId::Map(0),
                JobId::Experiment(1)
            ]
        );
    }

    #[test]
    fn one_limit_holds_for_all_kinds_of_jobs() {
        let mut pool = Pool::default();
        pool.set_cores(3);
        for (i, job) in JOBS.into_iter().take(3).enumerate() {
            assert!(!pool.is_full(false) && pool.is_full(true) == (i > 0));
            send(&mut pool, job);
        }
        assert!(pool.is_full(false) && pool.is_busy(JOBS[1]) && !pool.is_busy(JOBS[3]));
        pool.answered(JOBS[0]);
        assert!(!pool.is_full(false) && pool.is_full(true));
        pool.allow_workers(false);
        assert!(pool.is_full(false), "the page does one thing at a time");
    }

    #[test]
    fn numbers_are_given_once_to_each_that_works_with_them() {
        let mut pool = Pool::default();
        let numbers = |pool: &mut Pool, generation| {
            let work = pool.send((JobId::Spectrum, SLICE), generation, String::new(), || vec![1.0]);
            pool.answered(JobId::Spectrum);
            (work.place, !work.numbers.is_empty())
        };
        assert_eq!(numbers(&mut pool, 1), (Where::Worker, true));
        assert_eq!(numbers(&mut pool, 1), (Where::Worker, false));
        assert_eq!(numbers(&mut pool, 2), (Where::Worker, true), "another matrix");
        pool.allow_workers(false);
        assert_eq!(numbers(&mut pool, 2), (Where::Page, true));
        assert_eq!(numbers(&mut pool, 2), (Where::Page, false));
        pool.allow_workers(true);
        assert_eq!(numbers(&mut pool, 2), (Where::Worker, true));
        pool.died(WorkerId(JobId::Spectrum.number()), "it ended");
        assert_eq!(numbers(&mut pool, 2), (Where::NewWorker, true));
        assert_eq!(numbers(&mut pool, 2), (Where::Worker, false));
        pool.forget(JobId::Spectrum);
        assert_eq!(numbers(&mut pool, 2), (Where::Worker, true));
    }

    #[test]
    fn a_death_frees_all_slots_of_a_shared_thread_and_none_of_another() {
        let mut pool = Pool::default();
        pool.set_cores(4);
        assert_eq!(send(&mut pool, JOBS[0]).worker, WorkerId(2));
        send(&mut pool, JOBS[1]);
        pool.answered(JOBS[0]);
        assert_eq!(pool.died(WorkerId(2), "it ended"), [JOBS[0]]);
        assert!(pool.is_busy(JOBS[1]) && pool.on_page().is_none());
        pool.answered(JOBS[1]);
        pool.share_one_thread();
        assert_eq!(pool.cores(), 1);
        for job in JOBS {
            assert_eq!(send(&mut pool, job).worker, WorkerId(0));
            pool.answered(job);
        }
        send(&mut pool, JOBS[3]);
        assert_eq!(pool.died(WorkerId(0), "it ended"), JOBS);
        assert!(JOBS.iter().all(|job| !pool.is_busy(*job)) && pool.on_page().is_none());
        assert_eq!(send(&mut pool, JOBS[1]).place, Where::NewWorker);
        assert_eq!(send(&mut pool, JOBS[2]).place, Where::Worker, "it is made once");
    }

    #[test]
    fn a_thread_is_replaced_three_times_and_one_that_never_answered_not_at_all() {
        let mut pool = Pool::default();
        for death in 0..4 {
            send(&mut pool, JOBS[0]);
            pool.answered(JOBS[0]);
            send(&mut pool, JOBS[0]);
            pool.died(WorkerId(2), "it ended");
            pool.died(WorkerId(2), "it ended, said once more");
            assert_eq!(pool.on_page().is_some(), death == 3);
        }
        assert_eq!(pool.on_page(), Some("it ended"));
        assert_eq!(send(&mut pool, JOBS[0]).place, Where::Page);
        let mut pool = Pool::default();
        send(&mut pool, JOBS[0]);
        pool.died(WorkerId(2), "it did not answer");
        assert_eq!(pool.on_page(), Some("it did not answer"));
        pool.allow_workers(false);
        assert_eq!(pool.on_page(), Some("the address says workers=0"));
        pool.allow_workers(true);
        assert_eq!(pool.on_page(), None);
        assert_eq!(send(&mut pool, JOBS[0]).place, Where::NewWorker);
    }
}
