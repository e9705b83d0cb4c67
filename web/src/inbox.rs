//! What happened and is not dealt with yet. Whoever hears the browser puts messages here and knows nothing of the shell; the
//! shell, once it is there, says here how it is woken.
use crate::queue::Queue;
use std::cell::{Cell, RefCell};
use vanishing_app::Msg;

thread_local! {
    static QUEUE: RefCell<Queue> = RefCell::default();
    static SERVICE: Cell<Option<Service>> = const { Cell::new(None) };
}

/// Who deals with messages.
#[derive(Clone, Copy)]
pub struct Service {
    /// Sees to it that there is a frame, in which everything that waits is dealt with.
    pub wake: fn(),
    /// Deals with a message of a worker at once; `Err` gives it back while effects are being performed.
    pub report: fn(Msg) -> Result<(), Msg>,
}

/// From now on messages are dealt with. Before this, they only wait.
pub fn serve(service: Service) {
    SERVICE.set(Some(service));
}

/// Something happened: it is dealt with in the next frame.
pub fn post(msg: Msg) {
    put(msg);
    wake();
}

/// Something happened; whoever calls this sees to it that it is dealt with.
pub fn put(msg: Msg) {
    QUEUE.with_borrow_mut(|queue| queue.push(msg));
}

/// Something waits for the next frame.
pub fn wake() {
    if let Some(service) = SERVICE.get() {
        (service.wake)();
    }
}

/// A worker said something. It is dealt with at once, and the next order goes out; what is seen of it waits for the frame.
pub fn report(msg: Msg) {
    let left = match SERVICE.get() {
        Some(service) => (service.report)(msg).err(),
        None => Some(msg),
    };
    // A worker that fails while effects are performed is heard a little later.
    if let Some(msg) = left {
        put(msg);
    }
}

/// Everything that waits, in its order.
pub fn take() -> Vec<Msg> {
    QUEUE.with_borrow_mut(Queue::take)
}

/// Whether nothing waits.
pub fn is_empty() -> bool {
    QUEUE.with_borrow(Queue::is_empty)
}
