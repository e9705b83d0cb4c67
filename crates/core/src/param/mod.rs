//! Parameters as data: one [`Param`] describes a key, its texts, its range and its default.
//!
//! The address of the page, the HTML controls, the help, the command line flags and the tests are folds over lists of
//! [`ParamSpec`]. [`Settings`] holds what a person chose and is valid by construction.
mod notice;
mod settings;
mod spec;
mod store;
mod value;

pub use notice::{IGNORED, Notice, quoted};
pub use spec::{Param, ParamSpec, each_once, is_of_chosen};
pub use store::Settings;
pub use value::{Choice, Domain, FromValue, Value};
