// A worker of the page: trains in a thread of its own, with the page's own program. The first message brings the address
// of the page's script and the compiled program; every other one is an order, and is answered.
let program = null;

self.onmessage = async ({ data }) => {
  try {
    if (data.script) {
      program = (async () => {
        const script = await import(data.script);
        await script.default({ module_or_path: data.module });
        return script;
      })();
      return;
    }
    const { work, give } = await program;
    if (data.numbers) give(data.numbers);
    const reply = work(data.order, data.budget);
    self.postMessage(reply, [reply.buffer]);
  } catch (error) {
    self.postMessage(String(error));
  }
};
