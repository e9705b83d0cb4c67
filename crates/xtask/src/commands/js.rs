//! `cargo xtask js`: the core as an ES module.

use std::process::ExitCode;

use anyhow::{Context, bail};

use super::{CommandSpec, Options, serve};
use crate::setup::Toolbox;
use crate::static_server::{Site, StaticServer, listen_from};
use crate::{Outcome, js_package};

/// The JavaScript package.
pub const SPEC: CommandSpec = CommandSpec {
    name: "js",
    summary: "Build the core as an ES module with TypeScript types, and its example page",
    usage: "[--serve] [--port N]",
    help: "Writes the package vanishing-core to target/js/vanishing-core, one folder that is ready for the npm
registry or for a plain <script type=\"module\">, and the example page beside it, target/js/index.html. Before that it
writes crates/js/package/trainer-options.d.ts anew, the types of the options of Trainer, from the parameters of training.

  --serve     serve the example until Ctrl-C and open it
  --port N    the port on 127.0.0.1 (8090); the next free one when it is busy
",
    run,
};

fn run(mut options: Options) -> Outcome<ExitCode> {
    let mut wants_server = false;
    let mut first_port: u16 = 8090;
    while let Some(option) = options.next()? {
        match option.as_str() {
            "serve" => wants_server = true,
            "port" => {
                let text = options.value()?;
                first_port = text.parse().with_context(|| format!("--port wants a number up to 65535, not {text}"))?;
            }
            other => bail!(options.unknown(&format!("--{other}"))),
        }
    }
    js_package::renew_types()?;
    let folder = js_package::build(&Toolbox::for_package()?)?;
    js_package::report(&folder)?;
    println!("the package is in {}", folder.join(js_package::NAME).display());
    if wants_server {
        let server = StaticServer::start(Site::new(folder), listen_from(first_port)?)?;
        println!("the example is at {} (Ctrl-C ends it)", server.address());
        serve::open(&server.address());
        server.wait();
    }
    Ok(ExitCode::SUCCESS)
}
