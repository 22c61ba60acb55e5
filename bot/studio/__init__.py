"""The studio: from a job in the queue to the delivered picture.

It knows jobs, executors and messages about jobs; what people write or tap is the chat's business.

    studio                          puts it together, and does what chats ask of it
    queue, slots, line              whose turn it is, where there is room, and how long the others wait
    attempts, attempt               a job's way from its pictures to the result
    cancelling                      jobs that are called off
    file_requests, result_files     results in full size
    job_message, shown_message,     the one message of a job
      progress_updates, views
    delivery                        what is fetched from Telegram and sent there

Beside these, each for itself: samples, small_paintings, stickers, broadcaster, game_clock, retention.
"""
