internal import CNghttp2

/// The server's limits in nghttp2's terms.
enum ServerSessionOptions {
    static func make(_ limits: ServerLimits) -> OpaquePointer? {
        var option: OpaquePointer?
        guard nghttp2_option_new(&option) == 0, let option else { return nil }
        // The window follows what handlers have taken.
        nghttp2_option_set_no_auto_window_update(option, 1)
        nghttp2_option_set_no_closed_streams(option, 1)
        nghttp2_option_set_max_outbound_ack(option, limits.maximumOutboundAcknowledgements)
        nghttp2_option_set_max_settings(option, limits.maximumSettingsEntries)
        nghttp2_option_set_max_continuations(option, limits.maximumContinuations)
        nghttp2_option_set_stream_reset_rate_limit(
            option, UInt64(limits.resetBurst), UInt64(limits.resetsPerSecond))
        return option
    }

    static func submitSettings(_ limits: ServerLimits, _ session: OpaquePointer) {
        func entry(_ id: nghttp2_settings_id, _ value: Int) -> nghttp2_settings_entry {
            nghttp2_settings_entry(settings_id: Int32(id.rawValue), value: UInt32(clamping: value))
        }
        let entries: [nghttp2_settings_entry] = [
            entry(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.maximumStreamsPerConnection),
            entry(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, limits.streamWindowBytes),
            entry(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, limits.maximumHeaderBytes),
            // RFC 9218 section 2.1: without the priority tree, a stream costs less.
            entry(NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1),
        ]
        nghttp2_submit_settings(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), entries, entries.count)
        nghttp2_session_set_local_window_size(
            session, UInt8(NGHTTP2_FLAG_NONE.rawValue), 0, Int32(clamping: limits.connectionWindowBytes))
    }
}
