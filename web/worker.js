// A worker of the page: works in a thread of its own, with the page's own program. The first message brings the compiled
// program and the address of the page's script, unless that stands before this text; every other one is an order, and is
// answered.
let program = null;

self.onmessage = async ({ data }) => {
  try {
    if (data.module) {
      program = (async () => {
        const script = data.script ? await import(data.script) : self.vanishingProgram;
        await script.default({ module_or_path: data.module });
        return script;
      })();
      return;
    }
    const { work, give } = await program;
    if (data.numbers) give(data.job, data.numbers);
    const reply = work(data.job, data.order, data.budget);
    self.postMessage(reply, [reply.buffer]);
  } catch (error) {
    self.postMessage(String(error));
  }
};
