const pauseMs = 300

/**
 * Asks the server, and once more where the network breaks that off: a browser does so with all that is under way when its
 * machine goes from one network to another, and the new one answers a moment later. Only for what changes nothing.
 */
export async function retryOnce<T>(ask: () => Promise<T>): Promise<T> {
  return ask().catch(async () => {
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
    return ask()
  })
}
