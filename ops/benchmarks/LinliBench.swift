import ArgumentParser

/// Measures what the goals speak of, on the machine that it runs on, against a yardstick on the same machine.
@main
struct LinliBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "linli-bench",
        abstract: "Measurements of Linli, each against a yardstick that runs in the same rounds.",
        subcommands: [StoreBench.self, RPCBench.self, SearchBench.self, EchoServer.self])
}
