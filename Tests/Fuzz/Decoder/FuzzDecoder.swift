import CFuzzer
import Contract
import Glibc
import RPC

/// Gives arbitrary bytes to the decoder of every generated message.
///
/// The first two bytes choose the message. What can be decoded must come out the same after encoding and decoding.
@main
enum FuzzDecoder {
    static func main() {
        var count: Int32 = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(
            LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
                FuzzDecoder.run(UnsafeRawBufferPointer(start: bytes, count: count))
                return 0
            })
    }

    private static func run(_ input: UnsafeRawBufferPointer) {
        guard input.count >= 2 else { return }
        let choice: Int = Int(input[0]) | Int(input[1]) << 8
        let type: any Message.Type = allMessages[choice % allMessages.count]
        check(type, UnsafeRawBufferPointer(rebasing: input[2...]))
    }

    private static func check<M: Message>(_ type: M.Type, _ bytes: UnsafeRawBufferPointer) {
        let first: M
        do throws(WireError) { first = try M(wire: bytes) } catch { return }
        let encoded: [UInt8] = first.encodedBytes()
        let second: M
        do throws(WireError) { second = try M(wire: encoded) } catch {
            fatalError("\(M.protoName) does not decode what it has encoded: \(error.reason)")
        }
        // A message with a NaN in it differs from a second reading of the same bytes; then its bytes must be the same.
        // (It may equal itself: two arrays that share their storage are never compared element by element.)
        let again: M? = try? M(wire: bytes)
        let isSame: Bool = first == again ? first == second : second.encodedBytes() == encoded
        if !isSame {
            fatalError("\(M.protoName) is another message after encoding and decoding")
        }
    }
}
