internal import Kernel

// The person's applications.

extension Turn {
    // MARK: Changes as they come

    mutating func changed(_ application: ApplicationView) {
        guard application.name == state.following else { return }
        var line = t(Text("【有变化】", "[Changed] ")) + application.number + "　" + t(application.state)
        if let event = application.events.last { line += "　" + t(event.text) }
        say(line)
    }
}
