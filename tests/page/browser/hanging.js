// A worker that never comes back from one question: after it has said that it begins to work on it, it works for ever.
const [program, number] = location.search.slice(1).split("&").map(decodeURIComponent);
const post = self.postMessage.bind(self);
self.postMessage = (message, transfer) => {
    post(message, transfer);
    while (message[0] === "busy" && message[1] === Number(number));
};
await import(program);
