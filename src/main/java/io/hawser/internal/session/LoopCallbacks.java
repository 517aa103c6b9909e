package io.hawser.internal.session;

/** Callbacks on the event loop itself, those of all its sessions. What comes up while one runs is run after it. */
final class LoopCallbacks implements Callbacks {

    private final SessionLoop loop;
    private boolean running;

    LoopCallbacks(SessionLoop loop) {
        this.loop = loop;
    }

    @Override
    public boolean isDirect() {
        return !running;
    }

    @Override
    public void enter() {
        running = true;
    }

    @Override
    public void leave() {
        running = false;
    }

    @Override
    public void run(Runnable callback) {
        if (!loop.thread().isCurrent() || running) {
            loop.submitLater(() -> run(callback));
            return;
        }
        enter();
        try {
            callback.run();
        } finally {
            leave();
        }
    }
}
