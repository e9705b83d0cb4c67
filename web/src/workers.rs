//! Who carries orders out: threads of their own, or the page itself in its frames.
//!
//! What an order says, what a reply means and which thread does what is the application's; here they only go to and fro. A
//! thread that cannot be made, that fails, that is killed or that does not answer in time is reported once, by its number,
//! and is not heard any more; the application decides what follows.
use crate::{dom, inbox};
use js_sys::{Array, Float64Array, Object, Reflect};
use std::cell::{Cell, RefCell};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use vanishing_app::jobs::{self, Reply};
use vanishing_app::{JobId, Msg, Where, Work, WorkerId};
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

#[wasm_bindgen]
extern "C" {
    type ImportMeta;
    #[wasm_bindgen(method, getter)]
    fn url(this: &ImportMeta) -> String;
    /// Of the page's own script.
    #[wasm_bindgen(thread_local_v2, js_namespace = import, js_name = meta)]
    static IMPORT_META: ImportMeta;

    /// The clock, in a window and in a worker.
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

thread_local! {
    /// What this thread works on, when it is a worker.
    static JOBS: RefCell<BTreeMap<JobId, jobs::Worker>> = const { RefCell::new(BTreeMap::new()) };
}

/// Carries out an order for a job in this thread and answers with the job's number and those of the reply; with none for an
/// order that cannot be carried out.
#[wasm_bindgen(js_name = work)]
pub fn carry_out_here(job: usize, order: &str, budget: f64) -> Float64Array {
    let id = JobId::from_number(job);
    let reply = JOBS.with_borrow_mut(|jobs| jobs.entry(id).or_default().work(order, &now, budget));
    let answer = |reply: Reply| [vec![job as f64], reply.numbers()].concat();
    Float64Array::from(&reply.map(answer).unwrap_or_default()[..])
}

/// Takes numbers for the next order for a job.
#[wasm_bindgen(js_name = give)]
pub fn take_numbers(job: usize, numbers: Vec<f64>) {
    JOBS.with_borrow_mut(|jobs| jobs.entry(JobId::from_number(job)).or_default().give(numbers));
}

/// A thread that does not answer its first order in this time, in milliseconds, is not there.
const PATIENCE_MS: i32 = 20_000;

/// All threads of the page.
#[derive(Default)]
pub struct Workers {
    threads: BTreeMap<WorkerId, Thread>,
    /// Orders for the page itself.
    waiting: VecDeque<Work>,
    /// What the page itself works on.
    here: BTreeMap<JobId, jobs::Worker>,
}

/// What is known of a thread.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Life {
    Silent,
    Answered,
    /// It was reported, or is no longer the page's: nothing is heard of it.
    Gone,
}

/// A worker in a thread of its own, and what listens to it. Dropped, it ends.
struct Thread {
    worker: Worker,
    life: Rc<Cell<Life>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Workers {
    /// Sees to it that an order is carried out.
    pub fn take(&mut self, work: Work) {
        self.threads.retain(|_, thread| thread.life.get() != Life::Gone);
        if work.place == Where::Page {
            self.waiting.push_back(work);
            return;
        }
        if work.place == Where::NewWorker {
            self.threads.remove(&work.worker);
        }
        if let Err(why) = self.send(&work) {
            self.threads.remove(&work.worker);
            trouble(work.worker, &why);
        }
    }

    fn send(&mut self, work: &Work) -> Result<(), JsValue> {
        let thread = match self.threads.entry(work.worker) {
            Entry::Occupied(thread) => thread.into_mut(),
            Entry::Vacant(place) => place.insert(Thread::new(work.worker)?),
        };
        let message = Object::new();
        Reflect::set(&message, &"job".into(), &(work.job.number() as f64).into())?;
        Reflect::set(&message, &"order".into(), &work.order.as_str().into())?;
        Reflect::set(&message, &"budget".into(), &work.budget.into())?;
        if !work.numbers.is_empty() {
            Reflect::set(&message, &"numbers".into(), &Float64Array::from(&work.numbers[..]))?;
        }
        thread.worker.post_message(&message)
    }

    /// Whether the page itself has work to do.
    pub fn has_own_work(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Carries out one order on the page's own thread; the reply.
    pub fn work_here(&mut self) -> Option<Msg> {
        let Work { job, order, numbers, budget, .. } = self.waiting.pop_front()?;
        let worker = self.here.entry(job).or_default();
        if !numbers.is_empty() {
            worker.give(numbers);
        }
        let reply = worker.work(&order, &now, budget).map(|reply| reply.numbers());
        Some(Msg::Worked { job, reply: reply.unwrap_or_default(), now: dom::now() })
    }

    /// Ends a thread, as a browser may; what there is to say of it then.
    pub fn kill(&mut self, number: usize) -> Option<Msg> {
        let worker = WorkerId(number);
        let thread = self.threads.remove(&worker)?;
        (thread.life.get() != Life::Gone).then(|| Msg::WorkerTrouble { worker, why: "its worker ended".to_owned() })
    }
}

impl Thread {
    /// A worker with the page's own program.
    fn new(number: WorkerId) -> Result<Self, JsValue> {
        // In a page that is one file, the worker's program is there already.
        let packed = Reflect::get(&js_sys::global(), &"vanishingWorker".into()).ok().and_then(|url| url.as_string());
        let script = IMPORT_META.with(ImportMeta::url);
        let options = WorkerOptions::new();
        options.set_type(if packed.is_some() { WorkerType::Classic } else { WorkerType::Module });
        let address = packed.clone().unwrap_or_else(|| beside(&script, "worker.js"));
        let worker = Worker::new_with_options(&address, &options)?;
        let life = Rc::new(Cell::new(Life::Silent));
        let heard = life.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if heard.get() == Life::Gone {
                return;
            }
            let data = event.data();
            match data.dyn_ref::<Float64Array>().filter(|numbers| numbers.length() > 0) {
                Some(numbers) => {
                    heard.set(Life::Answered);
                    let mut reply = numbers.to_vec();
                    let job = JobId::from_number(reply.remove(0) as usize);
                    inbox::report(Msg::Worked { job, reply, now: dom::now() });
                }
                None => give_up(&heard, number, &data),
            }
        });
        let failing = life.clone();
        let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
            event.prevent_default();
            // One that could not be loaded has no message at all.
            give_up(&failing, number, &Reflect::get(&event, &"message".into()).unwrap_or_default());
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let start = Object::new();
        if packed.is_none() {
            Reflect::set(&start, &"script".into(), &script.into())?;
        }
        Reflect::set(&start, &"module".into(), &wasm_bindgen::module())?;
        worker.post_message(&start)?;
        let silent = life.clone();
        let late = Closure::once_into_js(move || {
            if silent.get() == Life::Silent {
                give_up(&silent, number, &"it did not answer".into());
            }
        });
        if let Some(window) = web_sys::window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments(
                late.unchecked_ref(),
                PATIENCE_MS,
                &Array::new(),
            );
        }
        Ok(Self { worker, life, _on_message: on_message, _on_error: on_error })
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.life.set(Life::Gone);
        self.worker.terminate();
    }
}

/// Says that a thread is of no use, once; from now on it is not heard.
fn give_up(life: &Cell<Life>, number: WorkerId, why: &JsValue) {
    if life.replace(Life::Gone) != Life::Gone {
        trouble(number, why);
    }
}

fn trouble(worker: WorkerId, why: &JsValue) {
    let text =
        why.as_string().or_else(|| Reflect::get(why, &"message".into()).ok().and_then(|message| message.as_string()));
    let text = text.filter(|text| !text.is_empty()).unwrap_or_else(|| "it could not be started".to_owned());
    inbox::report(Msg::WorkerTrouble { worker, why: format!("a worker failed ({text})") });
}

/// The address of a file in the folder of another.
fn beside(address: &str, file: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or(address);
    path.rfind('/').map_or_else(|| file.to_owned(), |end| format!("{}/{file}", &path[..end]))
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn a_worker_stands_beside_the_pages_script_in_any_folder() {
        assert_eq!(beside("https://a.org/x/page-12ab.js?v=1", "worker.js"), "https://a.org/x/worker.js");
        assert_eq!(beside("page.js", "worker.js"), "worker.js");
    }
}
