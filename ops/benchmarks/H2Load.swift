import Foundation

/// The load: h2load and nghttp of nghttp2, with one request that is sent over and over.
struct H2Load {
    enum Failure: Error, CustomStringConvertible {
        case missing(String)
        case badAnswer(String)

        var description: String {
            switch self {
            case .missing(let program): "\(program) did not run; install nghttp2-client."
            case .badAnswer(let what):
                "The answers are not what they should be, so the figures mean nothing: \(what)"
            }
        }
    }

    /// So many connections, with so many calls in flight on each.
    struct Shape {
        let connections: Int
        let calls: Int
        let requests: Int
        var name: String { "c\(connections)m\(calls)" }
    }

    /// The file that holds the body: a gRPC message with its prefix.
    let body: String
    let bodyBytes: Int
    /// The same suite for every server, so that none is measured with a cheaper one.
    private static let cipher = "TLS_AES_128_GCM_SHA256"

    private var grpcHeaders: [String] {
        ["-H", "content-type: application/grpc", "-H", "te: trailers", "-d", body]
    }

    /// Makes one call and checks all of its answer: 200, the same bytes, grpc-status 0.
    func checkEcho(_ url: String) throws {
        let shown: Data = try run("nghttp", ["-nv"] + grpcHeaders + [url])
        let text = String(decoding: shown, as: UTF8.self)
        guard text.contains(":status: 200"), text.contains("grpc-status: 0") else {
            throw Failure.badAnswer(text)
        }
        let answer: Data = try run("nghttp", grpcHeaders + [url])
        guard answer == FileManager.default.contents(atPath: body) else {
            throw Failure.badAnswer("\(url) gave other bytes back than it got.")
        }
    }

    /// Runs one load. Throws unless every request got 200 and a body of the right length, which no gRPC error has.
    /// A `file` is fetched with GET instead of a call.
    func load(_ url: String, _ shape: Shape, isFile: Bool = false) throws {
        let shown: Data = try run(
            "h2load",
            [
                "-n", "\(shape.requests)", "-c", "\(shape.connections)", "-m", "\(shape.calls)", "-t", "1",
                "--tls13-ciphers", Self.cipher,
            ] + (isFile ? [] : grpcHeaders) + [url])
        let text = String(decoding: shown, as: UTF8.self)
        guard text.contains("status codes: \(shape.requests) 2xx, 0 3xx, 0 4xx, 0 5xx"),
            text.contains("(\(shape.requests * bodyBytes)) data"), text.contains("Cipher: \(Self.cipher)")
        else { throw Failure.badAnswer(text) }
    }

    private func run(_ program: String, _ arguments: [String]) throws -> Data {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/\(program)")
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { throw Failure.missing(program) }
        let shown: Data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure.missing(program) }
        return shown
    }
}
