//! The page names things of the application in its `data-*` attributes; here every name is held against the application.
//!
//! | attribute | names |
//! |---|---|
//! | `data-controls="KEY eigenvalue-*"` | parameters, by key or by how it begins |
//! | `data-figure="SLUG"` | a figure |
//! | `data-readout="NAME"` | a readout |
//! | `data-action="NAME"` | something that the application does |
//! | `data-preset` and `href="?QUERY"` | settings that a link makes |
//! | `data-transport="NAME"` | a row of buttons |
//! | `data-term="KEY eigenvalue-*"` | the parameters that change a term of an equation |
//! | `data-when="KEY=VALUE\|VALUE KEY=VALUE"` | choices that a passage belongs to |

mod actions;
mod elements;
mod names;
mod text;
