import type { Files } from "@deploy/testkit";

/**
 * The id is read when the code is loaded, not per request: a worker of before keeps its own. `/long` is answered until a second
 * after the switch.
 */
export const wsgi: Files = {
  "wsgi.py": `import os, time
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "RELEASE")) as file:
    release = file.read().strip()

def app(environ, start_response):
    start_response("200 OK", [("X-Release", release)])
    return long() if environ["PATH_INFO"] == "/long" else [(release + "\\n").encode()]

def long():
    was = os.readlink("/srv/shop/current")
    yield b"begun\\n"
    while os.readlink("/srv/shop/current") == was:
        time.sleep(0.02)
    time.sleep(1)
    yield b"over\\n"
`,
};

export const brokenWsgi: Files = { "wsgi.py": 'raise RuntimeError("broken")\n' };
