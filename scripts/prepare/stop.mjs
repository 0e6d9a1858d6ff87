/**
 * Waits for a child process and passes on a request to stop, so that no installation or build goes on alone after the
 * command that started it is gone.
 */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** The child's exit code (1 when it could not start or was killed). Ends this process too if this one was told to stop. */
export async function stopWithChild(child) {
  let told;
  const passOn = (signal) => {
    told = signal;
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, passOn);
  try {
    const code = await new Promise((resolve) => {
      child.on("error", (error) => {
        console.error(error.message);
        resolve(1);
      });
      child.on("exit", (status) => resolve(status ?? 1));
    });
    if (told) process.exit(told === "SIGINT" ? 130 : 143);
    return code;
  } finally {
    for (const signal of SIGNALS) process.off(signal, passOn);
  }
}
