/// What one peer may cost the server. Every limit has a test on both sides.
package struct ServerLimits: Sendable {
    // MARK: Sizes

    /// The longest request message, before and after decompression. Longer: RESOURCE_EXHAUSTED.
    package var maximumMessageBytes: Int = 4 * 1_024 * 1_024
    /// All headers of a request, each name and value counting 32 bytes more (RFC 9113 section 6.5.2). More:
    /// RESOURCE_EXHAUSTED. nghttp2 itself ends a connection above 64 KiB.
    package var maximumHeaderBytes: Int = 16 * 1_024
    /// How much a client may send on one stream before the handler has taken it (flow control).
    package var streamWindowBytes: Int = 256 * 1_024
    /// How much a client may send on all streams together before handlers have taken it (flow control).
    package var connectionWindowBytes: Int = 1_024 * 1_024
    /// Unfinished and untaken request messages of one connection. The stream that goes above it gets RESOURCE_EXHAUSTED.
    package var bufferedRequestBytesPerConnection: Int = 16 * 1_024 * 1_024
    /// A handler that streams answers waits when so much is not yet sent.
    package var responseBufferBytes: Int = 64 * 1_024

    // MARK: Counts

    /// Calls at the same time on one connection. More are refused with REFUSED_STREAM, which clients may repeat.
    package var maximumStreamsPerConnection: Int = 256
    /// Connections at the same time. More are closed before the handshake.
    package var maximumConnections: Int = 10_000

    // MARK: Time

    /// From the TCP connection to the client's first HTTP/2 settings.
    package var handshakeTimeout: Duration = .seconds(10)
    /// A connection without a call for so long is closed with GOAWAY.
    package var idleTimeout: Duration = .seconds(600)
    /// A peer that has sent nothing for so long is sent a ping …
    package var keepaliveInterval: Duration = .seconds(120)
    /// … and given up when it has not answered after so long.
    package var keepaliveTimeout: Duration = .seconds(20)
    /// For a call with one answer that states no time of its own.
    package var defaultUnaryDeadline: Duration = .seconds(30)
    /// The most that a call with one answer may ask for; longer wishes are cut to this.
    package var maximumUnaryDeadline: Duration = .seconds(300)
    /// For a streaming call that states no time of its own.
    package var defaultStreamDeadline: Duration = .seconds(3_600)
    /// The most that a streaming call may ask for; longer wishes are cut to this.
    package var maximumStreamDeadline: Duration = .seconds(86_400)
    /// How long the status of a call may wait for a client that does not read; then the stream is reset.
    package var statusDeliveryTimeout: Duration = .seconds(5)
    /// Between the first GOAWAY of a graceful stop and the one that names the last stream (RFC 9113 section 6.8).
    package var shutdownNotice: Duration = .milliseconds(200)

    // MARK: Frames that cost us work

    /// Streams that a client may reset in a burst (CVE-2023-44487). More: GOAWAY.
    package var resetBurst: Int = 1_000
    /// How many resets a second refill the burst.
    package var resetsPerSecond: Int = 33
    /// PING, SETTINGS and empty DATA frames in a burst, counted anew with every request or byte of a
    /// request. More: GOAWAY with ENHANCE_YOUR_CALM.
    package var controlFrameBurst: Int = 200
    /// How many such frames a second refill the burst.
    package var controlFramesPerSecond: Int = 10
    /// CONTINUATION frames after one HEADERS frame (CVE-2024-28182). More: the connection is closed.
    package var maximumContinuations: Int = 8
    /// Entries in one SETTINGS frame. More: the connection is closed.
    package var maximumSettingsEntries: Int = 32
    /// PING and SETTINGS acknowledgements that wait for a peer that does not read. More: the connection is closed.
    package var maximumOutboundAcknowledgements: Int = 1_000

    package init() {}
}
