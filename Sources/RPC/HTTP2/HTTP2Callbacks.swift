internal import CNghttp2

/// What nghttp2 calls, handed on to the connection that stands behind the session's user data.
enum HTTP2Callbacks {
    /// Immutable once made, and nghttp2 only reads it.
    nonisolated(unsafe) static let shared: OpaquePointer = {
        var callbacks: OpaquePointer?
        guard nghttp2_session_callbacks_new(&callbacks) == 0, let callbacks else {
            fatalError("out of memory")
        }
        nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks) { _, frame, user in
            guard let frame else { return 0 }
            return connection(user).onBeginHeaders(frame.pointee.hd.stream_id, frame.pointee.headers.cat)
        }
        nghttp2_session_callbacks_set_on_header_callback(callbacks) {
            _, frame, name, nameLength, value, valueLength, _, user in
            guard let frame else { return 0 }
            return connection(user).onHeader(
                frame.pointee.hd.stream_id, UnsafeBufferPointer(start: name, count: nameLength),
                UnsafeBufferPointer(start: value, count: valueLength))
        }
        nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks) { _, frame, user in
            guard let frame else { return 0 }
            return connection(user).onFrame(frame.pointee)
        }
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks) {
            _, _, stream, bytes, length, user in
            connection(user).onData(stream, UnsafeRawBufferPointer(start: bytes, count: length))
            return 0
        }
        nghttp2_session_callbacks_set_on_frame_send_callback(callbacks) { _, frame, user in
            guard let frame else { return 0 }
            connection(user).onFrameSent(frame.pointee)
            return 0
        }
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks) { _, stream, error, user in
            connection(user).onStreamClosed(stream, error)
            return 0
        }
        return callbacks
    }()

    private static func connection(_ user: UnsafeMutableRawPointer?) -> HTTP2Connection {
        guard let user else { preconditionFailure("a session without its connection") }
        return Unmanaged<HTTP2Connection>.fromOpaque(user).takeUnretainedValue()
    }
}
