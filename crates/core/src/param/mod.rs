//! Parameters as data: one [`Param`] describes a key, its texts, its range and its default.
//!
//! The address of the page, the HTML controls, the help, the command line flags and the tests are folds over lists of
//! [`ParamSpec`]. [`Settings`] holds what a person chose and is valid by construction.
mod notice;
mod settings;
mod spec;

pub use notice::{Notice, quoted};
pub use settings::Settings;
pub use spec::{Choice, Domain, FromValue, Param, ParamSpec, Value, each_once};
