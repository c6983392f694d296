import Foundation
import Testing

/// Runs protoc with the generator that was built beside this test, on files of refused/.
struct Protoc {
    var succeeded: Bool
    var errors: String
    /// Names and contents of what was made.
    var files: [String: String]

    init(_ file: String) throws {
        let tests: URL = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let built: URL = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe").asFileURL
            .deletingLastPathComponent()
        let output: URL = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: output) }

        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "protoc", "-I", tests.appendingPathComponent("refused").path,
            "--plugin=protoc-gen-linli=\(built.appendingPathComponent("protoc-gen-linli").path)",
            "--linli_out=\(output.path)", "--linli_opt=module=Refused,codec=CRefused,root=refused", file,
        ]
        let pipe = Pipe()
        process.standardError = pipe
        try process.run()
        let said: Data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        succeeded = process.terminationStatus == 0
        errors = String(decoding: said, as: UTF8.self)
        files = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: output.path) {
            files[path] = try? String(contentsOf: output.appendingPathComponent(path), encoding: .utf8)
        }
    }
}

extension String {
    fileprivate var asFileURL: URL { URL(fileURLWithPath: self) }
}

@Suite("The generator refuses, and says where and what to do,")
struct RefusalTests {
    /// What the generator says of a file below refused/linli/testing/v1: one line for each problem.
    private func problems(_ file: String) throws -> [String] {
        let run = try Protoc("linli/testing/v1/\(file)")
        #expect(!run.succeeded)
        #expect(run.files.isEmpty)
        return run.errors.split(separator: "\n").map(String.init).filter { $0.hasPrefix("linli/") }
    }

    @Test("a message that holds itself")
    func recursion() throws {
        #expect(
            try problems("self_recursive.proto") == [
                "linli/testing/v1/self_recursive.proto:6: linli.testing.v1.Area: is recursive (linli.testing.v1.Area -> "
                    + "linli.testing.v1.Area); the decoder has no depth limit, so send a flat list whose elements name "
                    + "their parent"
            ])
    }

    @Test("messages that hold each other, through maps too")
    func indirectRecursion() throws {
        let found: [String] = try problems("recursive.proto")
        #expect(found.count == 2)
        #expect(
            found[0].hasPrefix("linli/testing/v1/recursive.proto:6: linli.testing.v1.Tree: is recursive ("))
        #expect(found[0].contains("linli.testing.v1.Branch"))
        #expect(
            found[1].hasPrefix("linli/testing/v1/recursive.proto:12: linli.testing.v1.Branch: is recursive (")
        )
    }

    @Test("a recursive message of somebody else inside ours")
    func upstreamRecursion() throws {
        let found: [String] = try problems("upstream_recursion.proto")
        #expect(found.count == 1)
        #expect(
            found[0].hasPrefix(
                "linli/testing/v1/upstream_recursion.proto:8: linli.testing.v1.Shop: is recursive"))
    }

    @Test("every kind of element without a comment")
    func comments() throws {
        let file = "linli/testing/v1/uncommented.proto"
        let end = ": has no comment; say what it means, with units and limits"
        #expect(
            Set(try problems("uncommented.proto")) == [
                "\(file):5: linli.testing.v1.PlainService\(end)",
                "\(file):6: linli.testing.v1.PlainService.GetPlain\(end)",
                "\(file):9: linli.testing.v1.Plain\(end)",
                "\(file):10: linli.testing.v1.Plain.name\(end)",
                "\(file):11: linli.testing.v1.Plain.choice\(end)",
                "\(file):12: linli.testing.v1.Plain.one\(end)",
                "\(file):13: linli.testing.v1.Plain.two\(end)",
                "\(file):15: linli.testing.v1.Plain.Inner\(end)",
                "\(file):18: linli.testing.v1.PlainState\(end)",
                "\(file):19: linli.testing.v1.PlainState.PLAIN_STATE_UNSPECIFIED\(end)",
            ])
    }

    @Test(
        "what the codec cannot carry, or what a reader would misread",
        arguments: [
            (
                "enum_zero.proto",
                "6: linli.testing.v1.DoorState: its first value has to be DOOR_STATE_UNSPECIFIED = 0, so that a forgotten "
                    + "field is not taken for an answer"
            ),
            (
                "enum_alias.proto",
                "13: linli.testing.v1.DoorState.DOOR_STATE_AJAR: has a number that another value has already"
            ),
            (
                "proto3_optional.proto",
                "8: linli.testing.v1.Shop.limit: proto3 `optional` is refused by protoc-c; write `oneof has_limit { … limit "
                    + "= 4; }`, which has the same wire form"
            ),
            (
                "proto2.proto",
                "1: linli/testing/v1/proto2.proto: proto2 is not supported; write syntax = \"proto3\""
            ),
            (
                "bool_map.proto",
                "8: linli.testing.v1.Shop.names: a map with bool keys is not supported; write two fields"
            ),
            (
                "field_name.proto",
                "8: linli.testing.v1.Shop.fullName: write field names in lower_snake_case"
            ),
        ])
    func refused(file: String, problem: String) throws {
        #expect(try problems(file) == ["linli/testing/v1/\(file):\(problem)"])
    }

    @Test("none of that in files of google and grpc, which are taken as they are")
    func upstream() throws {
        let run = try Protoc("google/testing/upstream.proto")
        #expect(run.succeeded, "\(run.errors)")
        let codec: String = try #require(run.files["codec/google/testing/upstream.proto"])
        #expect(codec.contains("oneof _limit {"))
    }
}
