/** What happens at the server, as it happens. */

const RETRY = 1000; // ms

/** Follows the events after number `after` of this world until `close()` is called on what it returns.
 *
 * A browser connects again by itself when a connection breaks, asking for what it missed, but not when
 * the server answers with an error, as one that is just starting may.
 */
export function follow(world, after, { onEvent, onReload, onConnection }) {
  let source;
  let last = after;
  let retry;

  function connect() {
    source = new EventSource(`/api/events?world=${encodeURIComponent(world)}&after=${last}`);
    source.onopen = () => onConnection(true);
    source.onmessage = ({ data }) => {
      const event = JSON.parse(data);
      last = event.number;
      onEvent(event);
    };
    source.addEventListener("reload", () => {
      close();
      onReload();
    });
    source.onerror = () => {
      onConnection(false);
      if (source.readyState === EventSource.CLOSED) retry = setTimeout(connect, RETRY);
    };
  }

  function close() {
    clearTimeout(retry);
    source.close();
  }

  connect();
  return { close };
}
