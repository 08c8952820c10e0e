# The seed's walk by a Socket.IO client that is not JavaScript. Arguments: URL, cookie, session id, transport.
# Each line of its output is one event as JSON; it ends after the session's end, or with 1 after ten seconds of silence.
import json
import sys
import threading

import requests
import socketio

url, cookie, session_id, transport = sys.argv[1:5]
# In the jar, not as a header: a header would be sent with the first request only, and each of them has to show the login.
jar = requests.Session()
jar.cookies.set(*cookie.split("=", 1))
client = socketio.Client(reconnection=False, http_session=jar)
ended = threading.Event()
lock = threading.Lock()


def say(event, payload):
    with lock:
        print(json.dumps({"event": event, "payload": payload}), flush=True)


@client.event
def connect():
    client.emit("join-progress", session_id)


@client.on("progress-status")
def status(payload):
    say("progress-status", payload)


@client.on("progress-update")
def update(payload):
    say("progress-update", payload)


@client.on("progress-complete")
def complete(payload):
    say("progress-complete", payload)
    ended.set()


client.connect(url, transports=[transport])
done = ended.wait(10)
if done:
    answer = client.call("join-progress", (session_id, {}), timeout=5)
    say("answer", answer)
    client.emit("leave-progress", session_id)
client.disconnect()
sys.exit(0 if done else 1)
