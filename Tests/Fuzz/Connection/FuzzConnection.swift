import CFuzzer
import Glibc
import NIOCore
import NIOEmbedded
import RPC

/// Gives arbitrary bytes to a server's connection, behind TLS: HTTP/2, gRPC framing, and calls of all four kinds.
///
/// The first byte says how: with bit 0, a client preface and its settings go first, so that the fuzzer need not find
/// them; the other bits are the length of the pieces in which the rest arrives. Whatever the bytes are, all handlers
/// must have ended once the connection is gone.
@main
enum FuzzConnection {
    static func main() {
        var count: Int32 = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(
            LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
                FuzzConnection.run(UnsafeRawBufferPointer(start: bytes, count: count))
                return 0
            })
    }

    /// RFC 9113 section 3.4, and an empty SETTINGS frame.
    private static let preface: [UInt8] =
        Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]
    private static let service = EchoService()
    private static let server = Result<PlaintextServer, any Error> {
        try PlaintextServer(services: [service], limits: limits)
    }
    /// Small limits, so that short inputs reach them.
    private static let limits: ServerLimits = {
        var limits = ServerLimits()
        limits.maximumMessageBytes = 4_096
        limits.maximumHeaderBytes = 1_024
        limits.streamWindowBytes = 8_192
        limits.bufferedRequestBytesPerConnection = 16_384
        limits.responseBufferBytes = 1_024
        limits.maximumStreamsPerConnection = 8
        limits.controlFrameBurst = 20
        return limits
    }()

    private static func run(_ input: UnsafeRawBufferPointer) {
        guard let mode = input.first else { return }
        let pieceBytes: Int = Int(mode >> 1) == 0 ? Int.max : Int(mode >> 1)
        do {
            let channel = EmbeddedChannel()
            try server.get().serve(channel)
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            if mode & 1 == 1 { send(Self.preface[...], channel) }
            var rest: ArraySlice<UInt8> = Array(input.dropFirst())[...]
            while !rest.isEmpty, channel.isActive {
                send(rest.prefix(pieceBytes), channel)
                rest = rest.dropFirst(pieceBytes)
            }
            _ = try channel.finish(acceptAlreadyClosed: true)
            channel.embeddedEventLoop.run()
        } catch {
            fatalError("the channel itself failed: \(error)")
        }
        precondition(service.running == 0, "a handler has outlived its connection")
    }

    private static func send(_ bytes: ArraySlice<UInt8>, _ channel: EmbeddedChannel) {
        // An error that nobody caught in the pipeline; the connection handles all of its own.
        do { _ = try channel.writeInbound(ByteBuffer(bytes: bytes)) } catch {
            fatalError("uncaught: \(error)")
        }
    }
}
