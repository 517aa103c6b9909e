package io.hawser.testing;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** SLF4J for tests: every line to {@link CapturedLog} while there is one; else warnings and errors to standard error. */
public final class CapturingLogProvider implements SLF4JServiceProvider, ILoggerFactory {

    private final Map<String, org.slf4j.Logger> loggers = new ConcurrentHashMap<>();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter mdc = new NOPMDCAdapter();

    @Override
    public org.slf4j.Logger getLogger(String name) {
        return loggers.computeIfAbsent(name, Logger::new);
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return this;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return mdc;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {}

    private static final class Logger extends LegacyAbstractLogger {

        private static final long serialVersionUID = 1;

        Logger(String name) {
            this.name = name;
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level,
                @Nullable Marker marker,
                String message,
                Object @Nullable [] arguments,
                @Nullable Throwable thrown) {
            StringWriter line = new StringWriter();
            line.append(level + " " + name + " " + MessageFormatter.basicArrayFormat(message, arguments));
            if (thrown != null) {
                line.append('\n');
                thrown.printStackTrace(new PrintWriter(line, true));
            }
            CapturedLog log = CapturedLog.current();
            if (log != null) {
                log.add(line.toString());
            } else if (level.toInt() >= Level.WARN.toInt()) { // the log may have ended since the level was asked for
                System.err.println(line);
            }
        }

        private boolean isEnabled(boolean always) {
            return always || CapturedLog.current() != null;
        }

        @Override
        public boolean isTraceEnabled() {
            return isEnabled(false);
        }

        @Override
        public boolean isDebugEnabled() {
            return isEnabled(false);
        }

        @Override
        public boolean isInfoEnabled() {
            return isEnabled(false);
        }

        @Override
        public boolean isWarnEnabled() {
            return isEnabled(true);
        }

        @Override
        public boolean isErrorEnabled() {
            return isEnabled(true);
        }

        @Override
        protected @Nullable String getFullyQualifiedCallerName() {
            return null;
        }
    }
}
