// Sentences of the engine itself. Short, plain, and saying what to do next.

enum Words {
    static let skipped = Text("（没有填）", "(left out)")
    static let unknown = Text("不知道", "I do not know")
    static let more = Text("更多", "More")
    static let yes = Text("是", "Yes")
    static let no = Text("不是", "No")

    static let menuHint = Text("输入数字，或直接说要办的事。? 帮助", "Type a number, or what you need. ? help")
    static let listHint = Text("0 返回　# 主菜单　? 帮助", "0 back, # main menu, ? help")
    static let formHint = Text("0 上一题　# 主菜单　? 帮助", "0 previous question, # main menu, ? help")
    static let skipHint = Text("不想填，输入：跳过", "To leave it out, type: skip")
    static let unknownHint = Text("不清楚，输入：不知道", "If unsure, type: I do not know")

    static let help = Text(
        """
        每一步都可以这样说：
        数字：选屏幕上的那一项。
        0 或 返回：回到上一步。
        # 或 主菜单：回到最前面。
        人工：找人帮忙。
        重来：重新开始。
        帮助 或 ?：看这段话。
        也可以直接说要办的事，比如：路灯坏了、租房提取公积金。
        输入“退出”离开。没办完的事，24 小时内还能接着办。
        """,
        """
        At every step you can type:
        a number: choose that line on the screen.
        0 or back: the step before.
        # or home: the main menu.
        human: somebody who helps.
        restart: begin again.
        help or ?: this text.
        You can also say what you need, such as: broken street lamp.
        Type "quit" to leave. What is unfinished can be continued for 24 hours.
        """)

    static let helpAtKiosk = Text(
        """
        按数字键选屏幕上的那一项，也可以直接点。
        8 更多　9 人工帮助　0 返回上一步
        办完请按 0 回到首页，或者拿走身份证。没人操作，屏幕会自己清掉，什么也不留。
        """,
        """
        Press the number of a line, or touch it.
        8 more, 9 help from a person, 0 the step before
        When you are done press 0, or take your card away. Nothing is kept on this machine.
        """)
    static let waitingAtKiosk = Text(
        "正在等网络。\n1 马上再试一次\n0 先不办，回首页（填的内容会清掉）",
        "Waiting for the connection.\n1 try again now\n0 not now, first page (what you typed is deleted)")
    static let humanAtKiosk = Text("也可以找大厅里的工作人员，您填的内容还在。", "You can also ask somebody in the hall.")
    static let goOn = Text("接着办", "Go on")
    static let isPrinted = Text("打好了，请取走。", "It is printed. Please take it.")
    static let isNotPrinted = Text(
        "没有打出来。请用手机拍下屏幕，或者记下编号。",
        "It could not be printed. Please take a picture of the screen or note the number."
    )
    static let signInGivenUp = Text("没有登录，这件事先不办。", "Not signed in: this has to wait.")

    /// A greeting or thanks is answered in kind; nil for anything else.
    static func courtesy(_ token: String) -> Text? {
        let greetings: Set<String> = [
            "你好", "您好", "你好啊", "您好啊", "在吗", "有人吗", "喂", "早上好", "上午好", "下午好", "晚上好", "hello", "hi",
        ]
        let thanks: Set<String> = [
            "谢谢", "谢谢你", "谢谢您", "谢谢啊", "谢谢了", "多谢", "好的谢谢", "麻烦了", "麻烦你了", "辛苦了", "thanks", "thank you",
        ]
        if greetings.contains(token) {
            return Text("您好。要办什么，选数字，或者直接说。", "Hello. Choose a number, or say what you need.")
        }
        if thanks.contains(token) {
            return Text("不客气。还要办什么，选数字，或者直接说。", "You are welcome. What else do you need?")
        }
        return nil
    }
    static let dangerNow = Text(
        "如果现在有危险，先离开，马上打电话：火警 119，急救 120，报警 110。",
        "If there is danger now, get to safety and call: fire 119, ambulance 120, police 110.")
    static let numberIsWrong = Text(
        "这个编号不对，请照着消息里的一位一位核对。", "This number is not right. Please compare it with your message.")
    static let mustAnswer = Text("这一题要填，不能跳过。", "This has to be answered.")

    static let emptyLine = Text("您还没有输入。", "Nothing was typed.")
    static let lineTooLong = Text(
        "这一行太长了，最多 \(Limit.lineCharacters) 个字。请分短一点再输入。",
        "This line is too long: at most \(Limit.lineCharacters) characters. Please shorten it.")
    static let resumed = Text("接着上次的地方。", "Going on where you stopped.")
    static let sendingAgain = Text("正在重新发送，请稍等。", "Sending again, please wait.")
    static let waiting = Text(
        "您填的都还在，网络好了会自动接着办。\n1 马上再试一次\n0 先不办，回主菜单",
        "Nothing you typed is lost; it goes on by itself when the connection is back.\n1 try again now\n0 not now, main menu"
    )
    static let reconnected = Text("网络好了，接着办。", "The connection is back. Going on.")
    static let goodbye = Text("再见。", "Goodbye.")
    static let signedOut = Text("您已退出登录。", "You are signed out.")
    static let signInFirst = Text("这件事要先登录。登录后接着办，不用重来。", "Please sign in first. Then we go on from here.")

    static let notHere = Text("这一项现在还办不了。", "This is not available yet.")
    static let welcome = Text("%@，您好。", "Welcome, %@.")
    static let signInAgain = Text(
        "登录已经过期，请再登录一次。您填的都还在。", "Your sign-in has run out. Please sign in again; nothing is lost.")
    static let codeSent = Text(
        "验证码已发到 %@，%@ 分钟内有效。", "A code is on its way to %@; it is good for %@ minutes.")
    static let resendHint = Text("没收到？输入：重发", "No message? Type: resend")
    static let noCategories = Text("现在没有可以选的类别，请打 12345。", "There are no categories now. Please call 12345.")
    static let noReports = Text("您还没有上报过。", "You have not reported anything yet.")
    static let stopAdvice = Text("请先离开危险的地方，不要自己处理。", "Get to safety first. Do not handle it yourself.")
    static let afterReport = Text(
        "请记下编号。有变化会发消息给您，也可以随时用编号查。", "Please keep the number. You get a message at each change.")
    static let watching = Text("好的，有变化会在这里告诉您。", "All right, changes will show here.")
    static let watchingNoMore = Text("好的，不再提醒。", "All right, no more notices.")
    static let canRateNow = Text("这件事可以评价了：输入“我的报告”。", "You can rate it now: type “my reports”.")
    static let thanksForRating = Text("谢谢您的评价。", "Thank you for your rating.")
    static let reopened = Text("已经重开，会再派人核查。", "It is open again and will be checked.")

    static let rephrase = Text(
        "没有听懂。请换个说法，说短一点。比如：路灯坏了、查积分、找人修水管。",
        "I did not understand. Please put it shorter, for example: broken street lamp, my points, plumber.")
    static let guessTitle = Text("您是想办这个吗？", "Did you mean one of these?")
    static let noneOfThese = Text("都不是", "None of these")
    static let searchServices = Text("按“%@”查找政务服务", "Look up government services for “%@”")
    static let reportThis = Text("把“%@”作为问题上报", "Report “%@” as a problem")
    static let stuckTitle = Text("没关系，我们换个办法。", "No problem, let us try another way.")
    static let tryAgain = Text("再试一次", "Try again")
    static let toHome = Text("回主菜单", "Main menu")
    static let toHuman = Text("人工服务", "Talk to a person")
    static let humanTitle = Text("人工服务", "Talk to a person")

    static let leaveTitle = Text("您有没填完的内容，要离开吗？", "You have not finished. Leave?")
    static let stay = Text("不离开，继续填", "Stay and go on")
    static let leaveKeep = Text("离开，先存着（24 小时内可以接着填）", "Leave and keep it for 24 hours")
    static let leaveDrop = Text("离开，不要了", "Leave and throw it away")
    static let asAnswer = Text("不离开，“%@”就是我的回答", "Stay: “%@” is my answer")
    static let restartTitle = Text("要从第一题重新填吗？", "Begin this form again?")
    static let restartYes = Text("重新填", "Begin again")
    static let draftTitle = Text("接着办上次没办完的：%@", "Continue what you left: %@")
    static let draftDropped = Text("上次没办完的内容已经删掉。", "What you left unfinished is deleted.")

    static let question = Text("第 %@ 题（共 %@ 题）", "Question %@ of %@")
    static let why = Text("为什么问：", "Why we ask: ")
    static let summaryTitle = Text("请核对　%@", "Please check　%@")
    static let changeLine = Text("改“%@”", "Change “%@”")
    static let previousQuestion = Text("回上一题", "Previous question")
    static let skipThis = Text("跳过这一题", "Skip this question")
    static let stopCall = Text("请马上打电话：", "Please call at once: ")
    static let stopGoOn = Text("已经打过电话，继续上报", "I have called; go on with the report")
    static let stopNot = Text("没有危险，我选错了", "There is no danger; I chose wrongly")
    static let nowAnswer = Text("现在的回答：", "Your answer now: ")

    static let notEligible = Text("现在还不能办，下面的条件没有满足", "This cannot be applied for as it is; what is not met:")
    static let legalBasis = Text("（依据：%@）", " (%@) ")
    static let whatToDo = Text("怎么办：", "What to do: ")
    static let onBehalf = Text("（替%@办）", " (for %@)")
    static let origin = Text("（%@）", " (%@)")
    static let useKnown = Text("用已有的：%@（%@）", "Use what is known: %@ (%@)")
    static let answerAnew = Text("不用这个，重新填", "No, I answer anew")
    static let changeAnswers = Text("改我填的内容", "Change my answers")
    static let addressLine = Text(
        "请输入详细地址，比如：3 号楼 2 单元 501。", "The rest of the address, such as: building 3, unit 2, 501.")
    static let photoHint = Text(
        "有就输入照片文件的位置，比如 /home/me/1.jpg", "If so, type the path of the file, such as /home/me/1.jpg")
    static let moneyHint = Text("写几元几角都行，比如：1200 或 1200.50", "In yuan, such as 1200 or 1200.50")
    static let zeroHint = Text("是零就输入 00（0 是上一题）", "For none type 00 (0 is the previous question)")
    static let dateHint = Text("这样写：2026-03-01 或 20260301", "Like this: 2026-03-01 or 20260301")
    static let myself = Text("我本人", "Myself")
    static let addMember = Text("添加一位家人", "Add somebody of my family")

    static let placeTop = Text(
        "请选地方。也可以直接输入社区或街道的名字。", "Choose a place, or type the name of a community or street.")
    static let placeHere = Text("就选%@，不再往下选", "%@ as a whole")
    static let placeNone = Text(
        "没有找到“%@”。请换个名字，或一级一级地选。", "“%@” was not found. Try another name, or walk down the list.")
    static let placeFound = Text("找到这些地方：", "These places were found:")
    static let placeWalk = Text("都不是，一级一级地选", "None of these: walk down the list")
    static let placeKnown = Text("%@", "%@")
    static let placeOther = Text("别的地方", "Another place")
    static let placeTooLarge = Text(
        "这里还没有登记社区，选不了。请选别的地方，或者打 12345。",
        "No community is registered here. Choose another place or call 12345.")
    static let placeEmpty = Text("这里下面没有更细的地方了。", "There is nothing further down here.")

    static func choose(_ count: Int) -> Text {
        if count == 0 {
            return Text("请输入 0 返回，或者 # 回主菜单。", "Please type 0 to go back, or # for the main menu.")
        }
        return count == 1
            ? Text("请输入 1，或者 0 返回。", "Please type 1, or 0 to go back.")
            : Text(
                "请输入 1 到 \(count) 的数字，或者 0 返回。", "Please type a number from 1 to \(count), or 0 to go back.")
    }
}

extension String {
    /// The string with each `%@` replaced, in order. What is filled in is not looked at again.
    func filled(_ values: String...) -> String {
        let parts = split(separator: "%@", omittingEmptySubsequences: false)
        var result = ""
        for (index, part) in parts.enumerated() {
            result += part
            if index < parts.count - 1 { result += index < values.count ? values[index] : "%@" }
        }
        return result
    }
}
