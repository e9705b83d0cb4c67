//! Who carries orders out: workers in threads of their own, or the page itself in its frames.
//!
//! What an order says and what a reply means is the application's; here they only go to and fro. A worker that cannot be
//! made, that fails, or that does not answer in time is reported, and the application decides.
use crate::{dom, shell};
use js_sys::{Array, Float64Array, Object, Reflect};
use std::cell::{Cell, RefCell};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use vanishing_app::{Msg, Where, Work, work};
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
    /// What this thread works on, when it is a worker, by the numbers of the workers in whose place it does.
    static OWN: RefCell<BTreeMap<usize, work::Worker>> = const { RefCell::new(BTreeMap::new()) };
}

/// Carries out a worker's order in this thread and answers with its number and those of the reply; with none for an order
/// that cannot be read.
#[wasm_bindgen(js_name = work)]
pub fn carry_out_here(worker: usize, order: &str, budget: f64) -> Float64Array {
    let reply = OWN.with_borrow_mut(|own| own.entry(worker).or_default().work(order, &now, budget));
    let answer = |reply: work::Reply| [vec![worker as f64], reply.numbers()].concat();
    Float64Array::from(&reply.map(answer).unwrap_or_default()[..])
}

/// Takes numbers for the next order.
#[wasm_bindgen(js_name = give)]
pub fn take_numbers(worker: usize, numbers: Vec<f64>) {
    OWN.with_borrow_mut(|own| own.entry(worker).or_default().give(numbers));
}

/// A worker that does not answer its first order in this time, in milliseconds, is not there.
const PATIENCE_MS: i32 = 20_000;

/// All workers of the page.
#[derive(Default)]
pub struct Workers {
    threads: BTreeMap<usize, Thread>,
    /// Orders for the page itself.
    waiting: VecDeque<Work>,
    /// What the page itself works on, by the number of the worker in whose place it does.
    own: BTreeMap<usize, work::Worker>,
    /// Whether one thread does the work of all: a page may have many embedded figures.
    single: bool,
}

/// A worker in a thread of its own, and what listens to it.
struct Thread {
    worker: Worker,
    answered: Rc<Cell<bool>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Workers {
    /// From now on one thread does the work of all workers.
    pub fn share_one(&mut self) {
        self.single = true;
    }

    fn thread_of(&self, worker: usize) -> usize {
        if self.single { 0 } else { worker }
    }

    /// Sees to it that an order is carried out.
    pub fn take(&mut self, work: Work) {
        if work.place == Where::Page {
            self.waiting.push_back(work);
            return;
        }
        if work.place == Where::NewWorker
            && let Some(old) = self.threads.remove(&self.thread_of(work.worker))
        {
            old.worker.terminate();
        }
        let number = work.worker;
        if let Err(why) = self.send(&work) {
            self.threads.remove(&self.thread_of(number));
            trouble(number, &why);
        }
    }

    fn send(&mut self, work: &Work) -> Result<(), JsValue> {
        let thread = match self.threads.entry(self.thread_of(work.worker)) {
            Entry::Occupied(own) => own.into_mut(),
            Entry::Vacant(place) => place.insert(Thread::new(work.worker)?),
        };
        let message = Object::new();
        Reflect::set(&message, &"worker".into(), &(work.worker as f64).into())?;
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
        let work = self.waiting.pop_front()?;
        let own = self.own.entry(work.worker).or_default();
        if !work.numbers.is_empty() {
            own.give(work.numbers);
        }
        let reply = own.work(&work.order, &now, work.budget)?;
        Some(Msg::Worked { worker: work.worker, reply: reply.numbers(), now: dom::now() })
    }

    /// Ends a worker's thread, as a browser may; what there is to say of it then.
    pub fn kill(&mut self, number: usize) -> Option<Msg> {
        self.threads.remove(&self.thread_of(number))?.worker.terminate();
        Some(Msg::WorkerTrouble { worker: number, why: "its worker ended".to_owned() })
    }
}

impl Thread {
    /// A worker with the page's own program.
    fn new(number: usize) -> Result<Self, JsValue> {
        // In a page that is one file, the worker's program is there already.
        let packed = Reflect::get(&js_sys::global(), &"vanishingWorker".into()).ok().and_then(|url| url.as_string());
        let script = IMPORT_META.with(ImportMeta::url);
        let options = WorkerOptions::new();
        options.set_type(if packed.is_some() { WorkerType::Classic } else { WorkerType::Module });
        let address = packed.clone().unwrap_or_else(|| beside(&script, "worker.js"));
        let worker = Worker::new_with_options(&address, &options)?;
        let answered = Rc::new(Cell::new(false));
        let heard = answered.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            heard.set(true);
            let data = event.data();
            match data.dyn_ref::<Float64Array>().filter(|numbers| numbers.length() > 0) {
                Some(numbers) => {
                    let mut reply = numbers.to_vec();
                    let worker = reply.remove(0) as usize;
                    shell::report(Msg::Worked { worker, reply, now: dom::now() });
                }
                None => trouble(number, &data),
            }
        });
        let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
            event.prevent_default();
            // One that could not be loaded has no message at all.
            trouble(number, &Reflect::get(&event, &"message".into()).unwrap_or_default());
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let start = Object::new();
        if packed.is_none() {
            Reflect::set(&start, &"script".into(), &script.into())?;
        }
        Reflect::set(&start, &"module".into(), &wasm_bindgen::module())?;
        worker.post_message(&start)?;
        let silent = answered.clone();
        let late = Closure::once_into_js(move || {
            if !silent.get() {
                trouble(number, &"it did not answer".into());
            }
        });
        if let Some(window) = web_sys::window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments(
                late.unchecked_ref(),
                PATIENCE_MS,
                &Array::new(),
            );
        }
        Ok(Self { worker, answered, _on_message: on_message, _on_error: on_error })
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.answered.set(true);
    }
}

/// Says that a worker is of no use.
fn trouble(worker: usize, why: &JsValue) {
    let text =
        why.as_string().or_else(|| Reflect::get(why, &"message".into()).ok().and_then(|message| message.as_string()));
    let text = text.filter(|text| !text.is_empty()).unwrap_or_else(|| "it could not be started".to_owned());
    shell::report(Msg::WorkerTrouble { worker, why: format!("a worker failed ({text})") });
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
