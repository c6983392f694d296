internal import NIOCore

/// One call as its connection keeps it. Belongs to the channel's event loop.
final class ClientStream {
    let method: MethodDescriptor
    let deadline: Deadline
    let options: CallOptions
    let maximumMessageBytes: Int

    /// The connection that carries the call, while it does.
    weak var connection: ClientConnection?
    var id: Int32 = 0
    var timer: Scheduled<Void>?

    // The request.
    var outbound = ByteBuffer()
    var writeEnded = false
    var isDeferred = false
    var roomMark: Int = 0
    var roomWaiter: StreamWaiter?

    // The answer.
    var inbound = MessageAssembler()
    var unconsumed: Int = 0
    var received = Metadata()
    var receivedBytes: Int = 0
    var httpStatus: String = ""
    var responseEncoding: String?
    var initialMetadata: Metadata?
    var trailingMetadata = Metadata()
    /// Set when the call is over: nil inside means OK.
    private(set) var outcome: Result<Void, RPCError>?
    /// The server has not worked on the call, so that it may be sent again without asking anybody.
    var wasRefused = false
    var headWaiter: StreamWaiter?
    var messageWaiter: StreamWaiter?
    var endWaiter: StreamWaiter?

    init(method: MethodDescriptor, deadline: Deadline, options: CallOptions, maximumMessageBytes: Int) {
        self.method = method
        self.deadline = deadline
        self.options = options
        self.maximumMessageBytes = maximumMessageBytes
    }

    /// Decides how the call ended, once, and wakes everybody who waits for something of it.
    func finish(_ result: Result<Void, RPCError>) {
        guard outcome == nil else { return }
        outcome = result
        timer?.cancel()
        timer = nil
        for waiter in [roomWaiter, headWaiter, messageWaiter, endWaiter] { waiter?.resume() }
        roomWaiter = nil
        headWaiter = nil
        messageWaiter = nil
        endWaiter = nil
    }

    func fail(_ code: StatusCode, _ message: String) {
        finish(.failure(RPCError(code: code, message: message)))
    }
}
