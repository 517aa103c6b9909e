package io.hawser;

/**
 * Answers plain HTTP requests on the server's port: health checks, metrics, a static page. GET and HEAD without a body only.
 *
 * <p><b>Threading:</b> called on an event loop; must not block.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface HttpResponder {

    /**
     * Answers one request.
     *
     * @param request a GET, or a HEAD whose answer loses its body
     * @return the answer; {@link HttpReply#notFound()} for paths that are not this responder's
     */
    HttpReply respond(RequestHead request);
}
