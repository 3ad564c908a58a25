"""Snow shovelling (扫雪): the plugin of linli's tutorial."""
